import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parseAllDocuments } from 'yaml'
import { sealedText } from '../../src/flows/gitops/seal-file.ts'
import { applications, type Found, folder, objects, sourcesOf } from '../manifests/gitops/folder.ts'
import { firstKey } from '../sealing/keys.ts'
import { requireProgram, run } from './foreign.ts'

const apps = 'cosmos/argocd/apps'

/** The folder on disk, built by the real kustomize as Argo CD builds it. */
describe('kubectl kustomize builds', function () {
  this.timeout(120_000)
  let dir: string
  before(async function () {
    requireProgram(this, 'kubectl', '.ci/install-tools')
    dir = mkdtempSync(join(tmpdir(), 'cosmos-kustomize-'))
    const key = await firstKey()
    for (const file of folder()) {
      const path = join(dir, apps, file.path)
      mkdirSync(dirname(path), { recursive: true })
      writeFileSync(path, file.text ?? (await sealedText(file.secret, file.comment, key)))
    }
  })
  after(() => {
    if (dir !== undefined) rmSync(dir, { recursive: true })
  })

  function build(path: string): Found[] {
    const ended = run('kubectl', ['kustomize', join(dir, path)])
    assert.equal(ended.status, 0, ended.stderr)
    return parseAllDocuments(ended.stdout).map(document => document.toJS())
  }

  const paths = applications().flatMap(each =>
    sourcesOf(each).flatMap(source => (source.path === undefined ? [] : [source.path as string])),
  )

  for (const path of paths) {
    it(`${path}, and loses no object`, () => {
      const below = `${path.slice(apps.length + 1)}/`
      const plain = objects().filter(
        each => each.path.startsWith(below) && each.object.kind !== 'Kustomization',
      )
      const sealed = folder().filter(file => file.secret !== undefined && file.path.startsWith(below))
      assert.equal(build(path).length, plain.length + sealed.length)
    })
  }

  it('the tag that the image updater writes into the image that runs', () => {
    const deployment = build(`${apps}/web`).find(each => each.kind === 'Deployment')
    assert.equal(deployment.spec.template.spec.containers[0].image, 'ghcr.io/acme/web:1')
  })

  it('a dashboard that is JSON', () => {
    const map = build(`${apps}/traefik-metrics`).find(each => each.kind === 'ConfigMap')
    assert.equal(JSON.parse(map.data['traefik.json']).title, 'Traefik')
  })
})

import assert from 'node:assert/strict'
import { join } from 'node:path'
import { withComment } from '../../../src/manifests/index.ts'
import { assertGolden } from '../../fixtures/golden.ts'
import { applications, folder, objects, sourcesOf } from './folder.ts'

describe('the App-of-Apps folder', () => {
  it('reads as a person would write it', () => {
    const text = folder().map(file => {
      const content = file.text ?? withComment(file.comment, `(sealed) ${JSON.stringify(file.secret)}\n`)
      return `===== ${file.path} (${file.owner})\n${content}`
    })
    assertGolden(join(import.meta.dirname, 'golden', 'apps.txt'), text.join('\n'))
  })

  it('holds no secret but in what is sealed', () => {
    for (const file of folder()) assert.doesNotMatch(file.text ?? '', /SECRET/, file.path)
    assert.equal(folder().filter(file => file.secret !== undefined).length, 3)
    assert.ok(!objects().some(({ object }) => object.kind === 'Secret'))
  })

  it('brings what was asked for, and nothing else', () => {
    const names = (apps: object, domain?: object) =>
      applications(folder({ ...domain, apps })).map(each => each.metadata.name)
    assert.deepEqual(names({ monitoring: false, example: false }), ['sealed-secrets'])
    assert.deepEqual(names({ example: false }), [
      'sealed-secrets',
      'storage',
      'monitoring',
      'traefik-metrics',
    ])
    assert.deepEqual(names({ monitoring: false }), ['sealed-secrets', 'example'])
    assert.deepEqual(
      applications().map(each => each.metadata.name),
      [
        ...['sealed-secrets', 'storage', 'monitoring', 'traefik-metrics', 'argocd-redirect'],
        ...['image-updater', 'web', 'example'],
      ],
    )
  })

  it('has a folder with a kustomization for each path that an Application names', () => {
    const paths = new Set(folder().map(file => `cosmos/argocd/apps/${file.path}`))
    for (const application of applications()) {
      for (const { path } of sourcesOf(application)) {
        if (path !== undefined) assert.ok(paths.has(`${path}/kustomization.yaml`), path)
      }
    }
  })

  it('lists every file of a folder in its kustomization', () => {
    for (const { path, object } of objects().filter(each => each.object.kind === 'Kustomization')) {
      const dir = path.replace('kustomization.yaml', '')
      const files = folder().flatMap(file =>
        file.path.startsWith(dir) && file.path !== path ? [file.path.slice(dir.length)] : [],
      )
      assert.deepEqual([...object.resources].sort(), files.sort())
    }
  })

  it('follows the path, branch and repository of cosmos.yaml', () => {
    const files = folder({
      git: { url: 'https://git.example.org/a/b', branch: 'live', path: './deploy/apps/' },
    })
    for (const application of applications(files)) {
      for (const source of sourcesOf(application).filter(each => each.path !== undefined)) {
        assert.equal(source.repoURL, 'https://git.example.org/a/b')
        assert.equal(source.targetRevision, 'live')
        assert.match(source.path, /^deploy\/apps\/[a-z-]+$/)
      }
    }
  })

  it('is the same each time', () => {
    assert.deepEqual(folder(), folder())
  })
})

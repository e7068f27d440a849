import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parseAllDocuments, stringify } from 'yaml'
import { type Found, values } from '../manifests/gitops/folder.ts'
import { requireProgram, run } from './foreign.ts'
import { goModule } from './go-module.ts'

/**
 * Charts rendered by the real Helm with our values. Only the chart of Sealed Secrets can be had here, because its
 * repository is a Go module; kube-prometheus-stack, Traefik, Argo CD and the image updater publish theirs elsewhere.
 */
describe('helm renders the chart of sealed-secrets with our values', function () {
  this.timeout(180_000)
  let dir: string
  let chart: string
  before(function () {
    requireProgram(this, 'helm', '.ci/install-tools')
    requireProgram(this, 'go', 'https://go.dev/dl')
    chart = join(goModule('github.com/bitnami-labs/sealed-secrets', 'v0.36.6'), 'helm', 'sealed-secrets')
    dir = mkdtempSync(join(tmpdir(), 'cosmos-helm-'))
  })
  after(() => {
    if (dir !== undefined) rmSync(dir, { recursive: true })
  })

  function render(given: object): Found[] {
    const file = join(dir, 'values.yaml')
    writeFileSync(file, stringify(given, { version: '1.1' }))
    const ended = run('helm', ['template', 'sealed-secrets', chart, '-n', 'kube-system', '-f', file])
    assert.equal(ended.status, 0, ended.stderr)
    return parseAllDocuments(ended.stdout).flatMap(document => document.toJS() ?? [])
  }
  const controller = (objects: readonly Found[]): Found =>
    objects.find(each => each.kind === 'Deployment' && each.metadata.name === 'sealed-secrets-controller')
      ?.spec.template.spec.containers[0]
  const renewal = ({ args }: Found): string | undefined => args[args.indexOf('--key-renew-period') + 1]

  it('never renews, finds our key by its prefix, and comes from a registry that has it', () => {
    const container = controller(render(values('sealed-secrets')))
    const { args, image } = container
    assert.equal(renewal(container), '0')
    assert.equal(args[args.indexOf('--key-prefix') + 1], 'sealed-secrets-key')
    assert.match(image, /^ghcr\.io\/bitnami-labs\/sealed-secrets-controller:/)
  })

  it('has the Service that kubeseal asks', () => {
    const objects = render(values('sealed-secrets'))
    assert.ok(
      objects.some(each => each.kind === 'Service' && each.metadata.name === 'sealed-secrets-controller'),
    )
  })

  it('would renew every month if nothing were said', () => {
    const { keyrenewperiod: _, ...others } = values('sealed-secrets')
    assert.notEqual(renewal(controller(render(others))), '0')
  })
})

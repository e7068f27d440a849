import assert from 'node:assert/strict'
import { chmodSync, cpSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse, stringify } from 'yaml'
import { generateSealingKey, newestKey, scopes } from '../../src/sealing/index.ts'
import { SealProject } from '../rehearsal/seal-project.ts'
import { requireProgram, run } from './foreign.ts'

const version = 'github.com/bitnami-labs/sealed-secrets@v0.36.6'
const go = (args: string[], options: { cwd?: string; env?: NodeJS.ProcessEnv } = {}) =>
  run('go', args, { ...options, env: { ...process.env, GOFLAGS: '-mod=mod', ...options.env } })

/**
 * The controller's own code, started as its Main does, on fake API clients: it reads the key Secrets that a machine is given, makes no key of
 * its own, offers our certificate, and makes Secrets out of our SealedSecrets. What is not run: the API server, RBAC and the chart.
 */
describe('the controller of Sealed Secrets', function () {
  this.timeout(600_000)
  let project: SealProject
  let copy: string
  before(async function () {
    requireProgram(this, 'go', 'https://go.dev/dl/, 1.26.2 or newer')
    project = await new SealProject([
      await generateSealingKey({ notBefore: new Date('2020-01-01') }),
      await generateSealingKey({ notBefore: new Date('2020-02-01') }),
    ]).lay()
    copy = packageCopy()
  })
  after(() => {
    project?.remove()
    if (copy !== undefined) rmSync(copy, { recursive: true })
  })

  /** The module without its tests, plus ours. */
  function packageCopy(): string {
    const { status, stdout, stderr } = go(['mod', 'download', '-json', version])
    assert.equal(status, 0, stderr)
    const { Dir } = JSON.parse(stdout) as { Dir: string }
    const target = mkdtempSync(join(tmpdir(), 'cosmos-controller-'))
    cpSync(Dir, target, { recursive: true })
    for (const entry of readdirSync(target, { recursive: true, withFileTypes: true })) {
      const path = join(entry.parentPath, entry.name)
      chmodSync(path, entry.isDirectory() ? 0o755 : 0o644)
    }
    const room = join(target, 'pkg', 'controller')
    for (const name of readdirSync(room)) if (name.endsWith('_test.go')) rmSync(join(room, name))
    const ours = join(import.meta.dirname, 'sealed-secrets-controller', 'cosmos_test.go.txt')
    writeFileSync(join(room, 'cosmos_test.go'), readFileSync(ours))
    return target
  }

  it('adopts our keys, makes none of its own and opens what cosmos sealed', async () => {
    const backup = await project.opened(['key', 'backup'])
    assert.equal(backup.code, 0, backup.stderr)
    const { items } = parse(backup.stdout) as { items: object[] }
    const values = { text: Buffer.from('pässwörd'), empty: Buffer.alloc(0), bytes: Buffer.from([0, 255, 10]) }
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, value.toString('base64')]),
    )
    const old = project.write('old.crt', project.keys[0]?.certificate ?? '')
    const sealed: object[] = []
    for (const [index, scope] of scopes.entries()) {
      const metadata = { name: `app-${index}`, namespace: 'ns', labels: { kept: 'yes' } }
      const input = stringify({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data })
      const cert = index === 0 ? ['--cert', old] : []
      const { code, stdout, stderr } = await project.cosmos(
        ['seal', '--format', 'json', '--scope', scope, ...cert],
        { input },
      )
      assert.equal(code, 0, stderr)
      sealed.push(JSON.parse(stdout))
    }
    const newest = newestKey(project.keys)
    const given = join(copy, 'given.json')
    const opened = sealed.map(() => data)
    writeFileSync(
      given,
      JSON.stringify({
        ...{ keys: items, certificate: project.read('cosmos.sealing.crt'), fingerprint: newest.fingerprint },
        ...{ sealed, opened },
      }),
    )
    // Fake API clients cannot stream lists, which informers ask for by default.
    const env = { COSMOS_GIVEN: given, KUBE_FEATURE_WatchListClient: 'false' }
    const { status, stdout, stderr } = go(
      ['test', '-p=1', '-count=1', '-run', 'TestCosmos', './pkg/controller'],
      { cwd: copy, env },
    )
    assert.equal(status, 0, stdout + stderr)
  })
})

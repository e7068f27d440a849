import assert from 'node:assert/strict'
import { spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { fileURLToPath } from 'node:url'
import { openState, type State } from '../../src/state/index.ts'
import { migrated } from '../../src/state/migrations.ts'

const state: State = {
  version: 1,
  cluster: 'acme',
  endpoint: 'https://api.hetzner.cloud/v1',
  resources: {
    server: 42,
    volume: 7,
    address: '203.0.113.7',
    hostKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl cosmos',
  },
  made: { inputs: 'a'.repeat(64), userData: 'b'.repeat(16) },
  operation: { kind: 'up', run: 'r1', startedAt: '2026-11-23T00:00:00Z', journal: [] },
}

describe('the state file', () => {
  let dir: string
  beforeEach(() => {
    dir = join(mkdtempSync(join(tmpdir(), 'cosmos-state-')), '.cosmos')
  })
  afterEach(() => rmSync(join(dir, '..'), { recursive: true }))

  const put = (text: string) => {
    mkdirSync(dir, { recursive: true })
    writeFileSync(join(dir, 'state.json'), text)
  }

  it('is nothing before the first save, and reading leaves no trace', async () => {
    assert.equal(await openState(dir).read(), undefined)
    assert.deepEqual(readdirSync(join(dir, '..')), [])
  })

  it('comes back as it was saved', async () => {
    await openState(dir).save(state)
    assert.deepEqual(await openState(dir).read(), state)
  })

  it('is readable by its owner only, and Git never sees it', async () => {
    await openState(dir).save(state)
    assert.equal(statSync(join(dir, 'state.json')).mode & 0o777, 0o600)
    assert.equal(statSync(dir).mode & 0o777, 0o700)
    assert.equal(readFileSync(join(dir, '.gitignore'), 'utf8'), '*\n')
  })

  it('leaves no temporary file behind, side by side saves included', async () => {
    const store = openState(dir)
    await Promise.all(Array.from({ length: 20 }, (_, i) => store.save({ ...state, cluster: `c${i}` })))
    assert.deepEqual(readdirSync(dir).sort(), ['.gitignore', 'state.json'])
    assert.match((await store.read())?.cluster ?? '', /^c\d+$/)
  })

  it('is whole after a kill at any moment', async () => {
    const program = fileURLToPath(new URL('./saver.ts', import.meta.url))
    for (const delayMs of [0, 3, 7, 20]) {
      const child = spawn(process.execPath, [program, dir], { stdio: ['ignore', 'pipe', 'inherit'] })
      await once(child.stdout, 'data')
      await setTimeout(delayMs)
      child.kill('SIGKILL')
      await once(child, 'exit')
      const found = await openState(dir).read()
      assert.equal(found?.operation?.journal.at(-1)?.effect, `create server ${found?.resources.server}`)
    }
  })

  const broken: [title: string, text: string, why: RegExp][] = [
    ['cut off', '{"version":1,"clu', /it is not JSON/],
    ['empty', '', /it is not JSON/],
    ['a list', '[]', /it is no JSON object/],
    ['without version', '{}', /it has no version/],
    ['of a version nobody reads', '{"version":0}', /nothing reads version 0/],
    [
      'with a name for an id',
      JSON.stringify({ ...state, resources: { server: 'web' } }),
      /"resources.server" is no id/,
    ],
    ['without operation', JSON.stringify({ ...state, operation: undefined }), /"operation" is missing/],
  ]
  for (const [title, text, why] of broken) {
    it(`${title}: is kept aside, said, and the next read starts anew`, async () => {
      put(text)
      const store = openState(dir, { now: () => new Date('2026-11-23T10:00:00Z') })
      await assert.rejects(store.read(), {
        code: 'state-broken',
        exitCode: 1,
        message: why,
        hint: /cosmos up --plan/,
      })
      assert.equal(readFileSync(join(dir, 'state.json.broken-2026-11-23T10-00-00-000Z'), 'utf8'), text)
      assert.equal(await store.read(), undefined)
    })
  }

  it('of a newer cosmos is refused and left as it is', async () => {
    put('{"version":2,"clusters":[]}')
    await assert.rejects(openState(dir).read(), { code: 'state-newer', exitCode: 3, hint: /Update cosmos/ })
    assert.equal(readFileSync(join(dir, 'state.json'), 'utf8'), '{"version":2,"clusters":[]}')
  })

  it('never holds a secret, and the refusal does not show it either', async () => {
    const secrets = [
      'Abcdefgh12345678Abcdefgh12345678Abcdefgh12345678Abcdefgh12345678',
      'ghp_abcdefghijklmnopqrstuvwxyz0123456789',
      'github_pat_11AAAAAAA0abcdefghijklmnop',
      'AGE-SECRET-KEY-1QQPZRY9X8GF2TVDW0S3JN54KHCE6MUA7L',
      '-----BEGIN OPENSSH PRIVATE KEY-----\nb3BlbnNzaC1rZXk',
      'https://me:pass1234@git.example/a',
    ]
    for (const secret of secrets) {
      const leaky: State = { ...state, resources: { ...state.resources, address: secret } }
      await assert.rejects(openState(dir).save(leaky), (error: Error & { code?: string }) => {
        assert.equal(error.code, 'state-secret')
        assert.ok(!JSON.stringify([error.message, error]).includes(secret))
        return /state\.resources\.address/.test(error.message)
      })
    }
    assert.equal(await openState(dir).read(), undefined)
  })

  it('is refused before it is written when it is not whole', async () => {
    await openState(dir).save(state)
    const bad = { ...state, resources: { server: -1 } }
    await assert.rejects(openState(dir).save(bad), { code: 'state-invalid' })
    assert.deepEqual(await openState(dir).read(), state)
  })
})

describe('migrations', () => {
  const table = {
    1: (old: { version: number }) => ({ ...old, version: 2, second: true }),
    2: (old: { version: number }) => ({ ...old, version: 3, third: true }),
  }
  it('go step by step', () =>
    assert.deepEqual(migrated({ version: 1 }, table, 3), { version: 3, second: true, third: true }))
  it('leave the present version alone', () =>
    assert.deepEqual(migrated({ version: 3 }, table, 3), { version: 3 }))
  it('end where no step is known', () => assert.equal(migrated({ version: 0 }, table, 3), undefined))
})

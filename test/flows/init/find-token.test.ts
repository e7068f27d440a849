import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { defaultEndpoint } from '../../../src/flows/endpoint.ts'
import { findInitToken } from '../../../src/flows/init/find-token.ts'

describe('where init finds the API token', () => {
  let dir: string
  let notes: string[]
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'cosmos-hcloud-'))
    notes = []
    writeFileSync(
      join(dir, 'cli.toml'),
      'active_context = "work"\n[[contexts]]\nname = "work"\ntoken = "from-hcloud"\n',
    )
  })
  afterEach(() => rmSync(dir, { recursive: true }))

  const find = (env: NodeJS.ProcessEnv, { variable = 'HCLOUD_TOKEN', endpoint = defaultEndpoint } = {}) => {
    const note = (text: string) => void notes.push(text)
    const { signal } = new AbortController()
    const cli = {
      env: { HCLOUD_CONFIG: join(dir, 'cli.toml'), ...env },
      interactive: false,
      yes: true,
      note,
      signal,
    }
    return findInitToken(cli, variable, endpoint)
  }

  it('is the environment first', async () =>
    assert.deepEqual(await find({ HCLOUD_TOKEN: ' from-env\n' }), { token: 'from-env', from: 'environment' }))

  it('is the variable that was named', async () =>
    assert.deepEqual(await find({ HCLOUD_TOKEN: 'a', OTHER: 'b' }, { variable: 'OTHER' }), {
      token: 'b',
      from: 'environment',
    }))

  it('is the active hcloud context next, and says which', async () => {
    assert.deepEqual(await find({}), { token: 'from-hcloud', from: 'hcloud' })
    assert.match(notes.join(), /"work"/)
    assert.doesNotMatch(notes.join(), /from-hcloud/)
  })

  it('never sends the token of a context anywhere but to Hetzner', async () =>
    assert.rejects(find({}, { endpoint: 'http://127.0.0.1:1/v1' }), {
      code: 'token-missing',
      hint: /export HCLOUD_TOKEN/,
    }))
})

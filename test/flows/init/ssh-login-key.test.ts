import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { ensureLoginKey } from '../../../src/flows/init/index.ts'

describe('the key to log in with', () => {
  let home: string
  beforeEach(() => {
    home = mkdtempSync(join(tmpdir(), 'cosmos-home-'))
  })
  afterEach(() => rmSync(home, { recursive: true }))
  const ensure = (path = '~/.ssh/id_ed25519') => ensureLoginKey(path, { cwd: home, home })

  it('is made where there is none, for its owner only', async () => {
    const key = await ensure()
    assert.deepEqual([key.created, key.privateKey], [true, '~/.ssh/id_ed25519'])
    assert.match(key.publicKey, /^ssh-ed25519 \S+ \S+@/)
    assert.equal(readFileSync(join(home, '.ssh/id_ed25519.pub'), 'utf8'), `${key.publicKey}\n`)
    assert.equal(statSync(join(home, '.ssh/id_ed25519')).mode & 0o777, 0o600)
    assert.equal(statSync(join(home, '.ssh')).mode & 0o777, 0o700)
  })

  it('is the one that is there', async () => {
    const first = await ensure()
    assert.deepEqual(await ensure(), { ...first, created: false })
  })

  it('may lie anywhere', async () => {
    assert.equal((await ensure('keys/mine')).privateKey, '~/keys/mine')
    assert.equal((await ensure(join(home, 'keys/mine'))).created, false)
  })

  it('is never written over', async () => {
    mkdirSync(join(home, '.ssh'))
    writeFileSync(join(home, '.ssh/id_ed25519'), 'precious')
    await assert.rejects(ensure(), { code: 'ssh-public-key-missing', hint: /ssh-keygen -y/ })
    assert.equal(readFileSync(join(home, '.ssh/id_ed25519'), 'utf8'), 'precious')
  })
})

import assert from 'node:assert/strict'
import { type ChildProcess, execFileSync, spawn } from 'node:child_process'
import { once } from 'node:events'
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { connect, generateKeyPair, SshError } from '../../src/ssh/index.ts'
import { sshd, userKeys } from './sshd.ts'

/** With OpenSSH's own agent and its own encrypted keys. */
describe('logging in with OpenSSH on this side', () => {
  const folder = mkdtempSync(join(tmpdir(), 'cosmos-login-'))
  const path = join(folder, 'key')
  const agent = join(folder, 'agent')
  let running: ChildProcess | undefined
  let encrypted = Buffer.alloc(0)

  before(async function () {
    writeFileSync(path, userKeys.privateKey, { mode: 0o600 })
    running = spawn('ssh-agent', ['-D', '-a', agent])
    const started = await Promise.race([
      once(running.stdout ?? running, 'data'),
      once(running, 'error'),
    ]).catch(() => [])
    if (started[0] instanceof Error) this.skip()
    for (const key of [generateKeyPair('other'), userKeys]) {
      execFileSync('ssh-add', ['-q', '-'], { input: key.privateKey, env: { SSH_AUTH_SOCK: agent } })
    }
    execFileSync('ssh-keygen', ['-q', '-p', '-P', '', '-N', 'opensesame', '-f', path])
    encrypted = readFileSync(path)
  })
  after(() => {
    running?.kill()
    rmSync(folder, { recursive: true })
  })

  it('lets the agent sign, also when it holds other keys', async () => {
    const { privateKey: _, ...access } = (await sshd()).access
    const session = await connect({ ...access, agent })
    assert.equal((await session.run('true')).code, 0)
  })

  it('opens an encrypted key with its passphrase', async () => {
    const { access } = await sshd()
    await connect({ ...access, privateKey: encrypted, passphrase: 'opensesame' })
  })

  it('leaves an encrypted key without passphrase to the agent', async () => {
    const { access } = await sshd()
    await connect({ ...access, privateKey: encrypted, agent })
  })

  it('says that the passphrase is missing or wrong', async () => {
    const { access } = await sshd()
    for (const passphrase of [undefined, 'sesame']) {
      await assert.rejects(connect({ ...access, privateKey: encrypted, passphrase }), (error: SshError) => {
        assert(error instanceof SshError)
        assert.equal(error.code, 'ssh-auth')
        assert(!error.message.includes('sesame'))
        return /cannot be used/.test(error.message)
      })
    }
  })
})

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { mkdtemp, readFile, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { promisify } from 'node:util'
import { ageRecipient, decryptVault, encryptVault } from '../../src/vault/index.ts'
import { sample } from './sample.ts'

const run = promisify(execFile)

describe('vault for SSH keys', () => {
  let dir: string
  before(async function () {
    dir = await mkdtemp(join(tmpdir(), 'cosmos-ssh-'))
    try {
      await keygen('ed', '-t', 'ed25519', '-N', '')
    } catch {
      this.skip()
    }
  })
  after(() => rm(dir, { recursive: true }))

  async function keygen(name: string, ...options: string[]): Promise<{ secret: string; open: string }> {
    const path = join(dir, name)
    await run('ssh-keygen', ['-q', '-f', path, '-C', 'a comment', ...options])
    return { secret: await readFile(path, 'utf8'), open: await readFile(`${path}.pub`, 'utf8') }
  }

  for (const [name, ...options] of [
    ['ed25519', '-t', 'ed25519', '-N', ''],
    ['rsa', '-t', 'rsa', '-b', '2048', '-N', ''],
    ['rsa-pem', '-t', 'rsa', '-b', '3072', '-m', 'PEM', '-N', ''],
  ] as const) {
    it(`opens with the private key: ${name}`, async () => {
      const mine = await keygen(name, ...options)
      const other = await keygen(`${name}-other`, ...options)
      const file = await encryptVault(sample, { recipients: [mine.open, other.open] })
      const contents = await decryptVault(Buffer.from(file), { identities: [mine.secret] })
      assert.deepEqual(contents.argocd, sample.argocd)
      const foreign = await encryptVault(sample, { recipients: [other.open] })
      await assert.rejects(decryptVault(Buffer.from(foreign), { identities: [mine.secret] }), {
        code: 'vault-identity',
      })
    })
  }

  it('says that a private key has a passphrase of its own', async () => {
    const locked = await keygen('locked', '-t', 'ed25519', '-N', 'abcdef')
    const file = await encryptVault(sample, { recipients: [locked.open] })
    await assert.rejects(decryptVault(Buffer.from(file), { identities: [locked.secret] }), {
      code: 'vault-identity',
      message: /protected by a passphrase/,
    })
  })

  it('refuses a key that age has no stanza for, or one too small', async () => {
    const ecdsa = await keygen('ec', '-t', 'ecdsa', '-N', '')
    const small = await keygen('small', '-t', 'rsa', '-b', '1024', '-N', '')
    for (const key of [ecdsa, small])
      await assert.rejects(ageRecipient(key.open), { code: 'vault-recipient' })
  })

  for (const text of [
    '',
    'age1',
    'age1qqqq',
    'ssh-ed25519',
    'ssh-ed25519 AAAA',
    'ssh-rsa AAAAB3NzaC1yc2E=',
    'me@example.org',
  ]) {
    it(`refuses "${text}" as a recipient`, () =>
      assert.rejects(ageRecipient(text), { code: 'vault-recipient', exitCode: 2 }))
  }

  it('does not repeat a private identity given by mistake', () =>
    assert.rejects(
      ageRecipient('AGE-SECRET-KEY-1QQQSECRET'),
      (error: Error) => !error.message.includes('QQQ'),
    ))
})

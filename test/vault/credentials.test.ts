import assert from 'node:assert/strict'
import { mkdtemp, rm, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { generateX25519Identity, identityToRecipient } from 'age-encryption'
import { encryptVault, vaultCredentials } from '../../src/vault/index.ts'
import { quick, sample } from './sample.ts'

describe('vault credentials', () => {
  let dir: string
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cosmos-credentials-'))
    await writeFile(join(dir, 'passphrase'), 'from file \n')
    await writeFile(join(dir, 'empty'), '\n')
    await writeFile(join(dir, 'identity'), '# created: today\nAGE-SECRET-KEY-1ABC\n\nAGE-SECRET-KEY-1DEF\n')
  })
  after(() => rm(dir, { recursive: true }))

  const prompt = async (): Promise<string> => 'typed'

  it('takes the variable before the file and before a person', async () => {
    const env = { COSMOS_PASSPHRASE: 'p', COSMOS_PASSPHRASE_FILE: join(dir, 'passphrase') }
    assert.deepEqual(await vaultCredentials({ env, prompt }), { passphrase: 'p' })
  })

  it('takes the file without its line end, and only that', async () => {
    const env = { COSMOS_PASSPHRASE_FILE: join(dir, 'passphrase') }
    assert.deepEqual(await vaultCredentials({ env, prompt }), { passphrase: 'from file ' })
  })

  it('takes age identities, with or without a passphrase', async () => {
    const env = { COSMOS_AGE_IDENTITY_FILE: join(dir, 'identity') }
    const identities = ['AGE-SECRET-KEY-1ABC', 'AGE-SECRET-KEY-1DEF']
    assert.deepEqual(await vaultCredentials({ env, prompt }), { identities })
    assert.deepEqual(await vaultCredentials({ env: { ...env, COSMOS_PASSPHRASE: 'p' } }), {
      passphrase: 'p',
      identities,
    })
  })

  it('asks a person last', async () => {
    assert.deepEqual(await vaultCredentials({ env: { COSMOS_PASSPHRASE: '' }, prompt }), {
      passphrase: 'typed',
    })
  })

  it('asks for no passphrase when the vault has none', async () => {
    const path = join(dir, 'vault')
    const recipient = await identityToRecipient(await generateX25519Identity())
    await writeFile(path, await encryptVault(sample, { recipients: [recipient] }))
    await assert.rejects(vaultCredentials({ env: {}, prompt, path }), { hint: /COSMOS_AGE_IDENTITY_FILE/ })
    await writeFile(path, await encryptVault(sample, { passphrase: 'p', workFactor: quick }))
    assert.deepEqual(await vaultCredentials({ env: {}, prompt, path }), { passphrase: 'typed' })
  })

  it('asks nobody to open a vault that is not there', async () => {
    const prompt = () => assert.fail('asked')
    await assert.rejects(vaultCredentials({ env: {}, prompt, path: join(dir, 'none') }), {
      code: 'vault-missing',
      message: /^There is no vault at/,
    })
  })

  it('names the variables when there is nobody to ask', async () => {
    await assert.rejects(vaultCredentials({ env: {} }), {
      code: 'vault-credentials',
      exitCode: 2,
      hint: /COSMOS_PASSPHRASE_FILE/,
    })
  })

  for (const [what, env, message] of [
    ['a passphrase file that is not there', { COSMOS_PASSPHRASE_FILE: '/nowhere' }, /COSMOS_PASSPHRASE_FILE/],
    [
      'an identity file that is not there',
      { COSMOS_AGE_IDENTITY_FILE: '/nowhere' },
      /COSMOS_AGE_IDENTITY_FILE/,
    ],
  ] as const) {
    it(`refuses ${what}`, () => assert.rejects(vaultCredentials({ env }), { exitCode: 2, message }))
  }

  it('refuses an empty passphrase file and an identity file without identity', async () => {
    await assert.rejects(vaultCredentials({ env: { COSMOS_PASSPHRASE_FILE: join(dir, 'empty') } }), {
      message: /empty/,
    })
    await assert.rejects(vaultCredentials({ env: { COSMOS_AGE_IDENTITY_FILE: join(dir, 'passphrase') } }), {
      code: 'vault-identity',
    })
  })
})

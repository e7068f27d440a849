import assert from 'node:assert/strict'
import { mkdtemp, readdir, readFile, rm, stat, writeFile } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { armor, Encrypter, generateX25519Identity, identityToRecipient } from 'age-encryption'
import type { VaultContents } from '../../src/vault/contents.ts'
import { readVault, saveVault, writeVault } from '../../src/vault/index.ts'
import { quick, sample } from './sample.ts'

const passphrase = 'correct horse battery staple'

describe('vault', () => {
  let dir: string
  let path: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'cosmos-vault-'))
    path = join(dir, 'cosmos.vault.age')
  })
  afterEach(() => rm(dir, { recursive: true }))

  /** An age file around any text, as the stock program would write it. */
  async function wrap(text: string): Promise<void> {
    const encrypter = new Encrypter()
    encrypter.setPassphrase(passphrase)
    encrypter.setScryptWorkFactor(quick)
    await writeFile(path, await encrypter.encrypt(text))
  }

  it('comes back as it was written', async () => {
    await writeVault(path, sample, { passphrase, workFactor: quick })
    assert.deepEqual(await readVault(path, { passphrase }), sample)
  })

  it('is armored text that shows nothing, in a file anyone may read, and leaves no temporary file', async () => {
    await writeVault(path, sample, { passphrase, workFactor: quick })
    const text = await readFile(path, 'utf8')
    assert.match(text, /^-----BEGIN AGE ENCRYPTED FILE-----\n/)
    assert.equal(text.includes('h-token'), false)
    assert.equal((await stat(path)).mode & 0o777, 0o644)
    assert.deepEqual(await readdir(dir), ['cosmos.vault.age'])
  })

  it('opens for each recipient and remembers who they are', async () => {
    const [ours, theirs, stranger] = await Promise.all([1, 2, 3].map(() => generateX25519Identity()))
    const recipients = await Promise.all([ours, theirs].map(id => identityToRecipient(id ?? '')))
    await writeVault(path, sample, { recipients })
    for (const identity of [ours, theirs]) {
      const contents = await readVault(path, { identities: [identity ?? ''] })
      assert.deepEqual(contents, { ...sample, recipients })
    }
    await assert.rejects(readVault(path, { identities: [stranger ?? ''] }), { code: 'vault-identity' })
    await assert.rejects(readVault(path, { passphrase }), { code: 'vault-identity' })
    await saveVault(path, { ...(await readVault(path, { identities: [ours ?? ''] })), passwords: {} }, {})
    assert.deepEqual((await readVault(path, { identities: [theirs ?? ''] })).passwords, {})
  })

  it('forgets recipients when it was locked by a passphrase instead', async () => {
    await wrap(JSON.stringify({ ...sample, recipients: ['age1gone'] }))
    assert.equal((await readVault(path, { passphrase })).recipients, undefined)
  })

  it('refuses to write back what it does not know the recipients of', async () => {
    await assert.rejects(saveVault(path, sample, { identities: ['x'] }), { code: 'vault-recipients-unknown' })
  })

  it('wants either a passphrase or recipients', async () => {
    await assert.rejects(writeVault(path, sample, {}), { code: 'vault-lock' })
    await assert.rejects(writeVault(path, sample, { passphrase: '' }), { code: 'vault-lock' })
    await assert.rejects(writeVault(path, sample, { passphrase, recipients: ['age1x'] }), {
      code: 'vault-lock',
    })
    assert.deepEqual(await readdir(dir), [])
  })

  it('says that a passphrase is wrong, or missing', async () => {
    await writeVault(path, sample, { passphrase, workFactor: quick })
    await assert.rejects(readVault(path, { passphrase: 'wrong' }), {
      code: 'vault-passphrase',
      message: /does not open/,
    })
    await assert.rejects(readVault(path, {}), { code: 'vault-passphrase', message: /none was given/ })
  })

  it('says that there is no vault', async () => {
    await assert.rejects(readVault(join(dir, 'none'), { passphrase }), {
      code: 'vault-missing',
      hint: /cosmos init/,
    })
  })

  it('says that it cannot be written and leaves nothing behind', async () => {
    await assert.rejects(writeVault(join(dir, 'no', 'vault'), sample, { passphrase, workFactor: quick }), {
      code: 'vault-unwritable',
    })
  })

  const damage: [string, (text: string) => string | Uint8Array][] = [
    ['empty', () => ''],
    ['cut', text => text.slice(0, text.length / 2)],
    ['text', () => 'name: demo\n'],
    ['cut below the armor', text => armor.decode(text).slice(0, -20)],
    ['altered in the payload', text => flipped(armor.decode(text), -10)],
    ['altered in the header', text => flipped(armor.decode(text), macAt(armor.decode(text)))],
  ]
  for (const [what, hurt] of damage) {
    it(`says that it is damaged: ${what}`, async () => {
      await writeVault(path, sample, { passphrase, workFactor: quick })
      await writeFile(path, hurt(await readFile(path, 'utf8')))
      await assert.rejects(readVault(path, { passphrase }), { code: 'vault-broken' })
    })
  }

  it('says that it is from a newer cosmos', async () => {
    await wrap(JSON.stringify({ version: 2, sealing: {} }))
    await assert.rejects(readVault(path, { passphrase }), { code: 'vault-newer', hint: /Update cosmos/ })
  })

  const contents: [string, string, RegExp][] = [
    ['a key that is missing', JSON.stringify({ ...sample, argocd: undefined }), /argocd: invalid type/],
    ['a key too many', JSON.stringify({ ...sample, tokn: 'SECRET' }), /top level: unrecognized keys: tokn/],
    [
      'a value of the wrong type',
      JSON.stringify({ ...sample, git: { username: 'SECRET', token: 7 } }),
      /git\.token/,
    ],
    ['no keys', JSON.stringify({ ...sample, sealing: { keys: [] } }), /sealing\.keys: too small/],
    ['broken YAML', 'a: "SECRET\nb: c', /line \d+, column \d+/],
    ['an alias bomb', `a: &a [SECRET]\nb: [*a, *a]\n`, /alias/],
    ['not an object', 'SECRET', /top level/],
  ]
  for (const [what, text, detail] of contents) {
    it(`names the place but no value: ${what}`, async () => {
      await wrap(text)
      await assert.rejects(
        readVault(path, { passphrase }),
        (error: Error & { code: string; details: string[] }) => {
          assert.equal(error.code, 'vault-broken')
          assert.match(error.details.join('\n'), detail)
          assert.equal(
            JSON.stringify([error, error.message, error.details, error.cause]).includes('SECRET'),
            false,
          )
          return true
        },
      )
    })
  }

  it('accepts contents without what is optional', async () => {
    const { hetzner: _, git: __, passwords: ___, ...rest } = sample
    const least: VaultContents = rest
    await writeVault(path, least, { passphrase, workFactor: quick })
    assert.deepEqual(await readVault(path, { passphrase }), least)
  })
})

function flipped(bytes: Uint8Array, at: number): Uint8Array {
  const index = at < 0 ? bytes.length + at : at
  bytes[index] = (bytes[index] ?? 0) ^ 1
  return bytes
}

/** Somewhere inside the code that seals the header. */
function macAt(file: Uint8Array): number {
  return Buffer.from(file).indexOf('\n--- ') + 8
}

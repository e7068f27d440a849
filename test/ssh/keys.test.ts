import assert from 'node:assert/strict'
import { execFileSync } from 'node:child_process'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import ssh2 from 'ssh2'
import { UsageError } from '../../src/errors.ts'
import { fingerprint, generateKeyPair } from '../../src/ssh/index.ts'

describe('SSH keys', () => {
  it('makes pairs that always read back and sign', () => {
    for (let round = 0; round < 300; round++) {
      const { privateKey, publicKey } = generateKeyPair('x'.repeat(round % 9))
      const secret = ssh2.utils.parseKey(privateKey)
      const open = ssh2.utils.parseKey(publicKey)
      assert(!(secret instanceof Error) && !(open instanceof Error))
      const [one] = [secret].flat()
      assert(one && open.verify('text', one.sign('text') as Buffer))
    }
  })

  it('makes pairs and fingerprints that ssh-keygen agrees with', function () {
    const folder = mkdtempSync(join(tmpdir(), 'cosmos-keys-'))
    try {
      const pair = generateKeyPair('root@demo')
      const path = join(folder, 'key')
      writeFileSync(path, pair.privateKey, { mode: 0o600 })
      const ask = (...args: string[]) => execFileSync('ssh-keygen', args, { encoding: 'utf8' }).trim()
      assert.equal(ask('-y', '-f', path), pair.publicKey)
      assert.equal(ask('-l', '-f', path).split(' ')[1], fingerprint(pair.publicKey))
    } catch (error) {
      if ((error as NodeJS.ErrnoException).code !== 'ENOENT') throw error
      this.skip()
    } finally {
      rmSync(folder, { recursive: true })
    }
  })

  it('names a key without regard to its comment', () => {
    const { publicKey } = generateKeyPair('me')
    assert.equal(fingerprint(publicKey), fingerprint(`${publicKey.split(' ').slice(0, 2).join(' ')}\n`))
    assert.match(fingerprint(publicKey), /^SHA256:[A-Za-z0-9+/]{43}$/)
  })

  for (const bad of [
    '',
    'nonsense',
    'ssh-ed25519',
    'ssh-ed25519 AAAA',
    'ssh-rsa AAAAC3NzaC1lZDI1NTE5AAAA',
    '-----BEGIN KEY-----',
  ]) {
    it(`refuses "${bad}" as a public key`, () => assert.throws(() => fingerprint(bad), UsageError))
  }
})

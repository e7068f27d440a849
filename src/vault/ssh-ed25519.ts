import {
  createCipheriv,
  createDecipheriv,
  createHash,
  createPrivateKey,
  createPublicKey,
  diffieHellman,
  generateKeyPairSync,
  hkdfSync,
  type KeyObject,
} from 'node:crypto'
import type { Identity, Recipient, Stanza } from 'age-encryption'
import { sshString, sshTag } from './ssh-key.ts'
import type { StanzaType } from './ssh-rsa.ts'

/**
 * The age stanza `ssh-ed25519`: an X25519 exchange with the Montgomery form of the Ed25519 key, tweaked by the SSH key.
 * Source: C2SP age specification and the stock implementation's agessh package; checked against the stock `age` in test/interop.
 */
const label = 'age-encryption.org/v1/ssh-ed25519'

/** @param point the 32 bytes of the Ed25519 public key. */
export function sshEd25519Recipient(point: Buffer, stanza: StanzaType): Recipient {
  const theirs = montgomery(point)
  const wire = wireOf(point)
  return {
    wrapFileKey(fileKey) {
      const ephemeral = generateKeyPairSync('x25519')
      const share = rawPublic(ephemeral.publicKey)
      const secret = tweaked(
        wire,
        diffieHellman({ privateKey: ephemeral.privateKey, publicKey: publicX25519(theirs) }),
      )
      const key = wrappingKey(secret, share, theirs)
      const cipher = createCipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 })
      const body = Buffer.concat([cipher.update(fileKey), cipher.final(), cipher.getAuthTag()])
      return [new stanza(['ssh-ed25519', sshTag(wire), unpadded(share)], new Uint8Array(body))]
    },
  }
}

/** @param seed the 32 secret bytes of the Ed25519 key. */
export function sshEd25519Identity(seed: Buffer, point: Buffer): Identity {
  const ours = montgomery(point)
  const wire = wireOf(point)
  const scalar = privateX25519(createHash('sha512').update(seed).digest().subarray(0, 32))
  return {
    unwrapFileKey(stanzas: Stanza[]) {
      for (const { args, body } of stanzas) {
        const [type, tag, encodedShare] = args
        if (type !== 'ssh-ed25519' || tag !== sshTag(wire) || encodedShare === undefined) continue
        const share = Buffer.from(encodedShare, 'base64')
        if (share.length !== 32 || body.length !== 32) throw new Error('malformed ssh-ed25519 stanza')
        const secret = tweaked(wire, diffieHellman({ privateKey: scalar, publicKey: publicX25519(share) }))
        const key = wrappingKey(secret, share, ours)
        const decipher = createDecipheriv('chacha20-poly1305', key, Buffer.alloc(12), { authTagLength: 16 })
        decipher.setAuthTag(body.subarray(16))
        return new Uint8Array(Buffer.concat([decipher.update(body.subarray(0, 16)), decipher.final()]))
      }
      return null
    },
  }
}

/** A second exchange with a scalar made from the SSH key, so that one key pair serves both worlds without meeting itself. */
function tweaked(wire: Buffer, secret: Buffer): Buffer {
  const tweak = Buffer.from(hkdfSync('sha256', Buffer.alloc(0), wire, label, 32))
  return diffieHellman({ privateKey: privateX25519(tweak), publicKey: publicX25519(secret) })
}

function wrappingKey(secret: Buffer, share: Buffer, theirs: Buffer): Buffer {
  return Buffer.from(hkdfSync('sha256', secret, Buffer.concat([share, theirs]), label, 32))
}

function wireOf(point: Buffer): Buffer {
  return Buffer.concat([sshString(Buffer.from('ssh-ed25519')), sshString(point)])
}

const prime = 2n ** 255n - 19n

/** u = (1 + y) / (1 - y): the X25519 form of an Ed25519 public key (RFC 7748 4.1). Works on public bytes only. */
function montgomery(point: Buffer): Buffer {
  const bytes = Buffer.from(point).reverse()
  const y = BigInt(`0x${bytes.toString('hex')}`) & (2n ** 255n - 1n)
  const u = ((1n + y) * power(prime + 1n - y, prime - 2n)) % prime
  return Buffer.from(u.toString(16).padStart(64, '0'), 'hex').reverse()
}

function power(base: bigint, exponent: bigint): bigint {
  let result = 1n
  let square = base % prime
  for (let rest = exponent; rest > 0n; rest >>= 1n) {
    if (rest & 1n) result = (result * square) % prime
    square = (square * square) % prime
  }
  return result
}

/** ASN.1 in front of 32 raw bytes (RFC 8410). */
const spki = Buffer.from('302a300506032b656e032100', 'hex')
const pkcs8 = Buffer.from('302e020100300506032b656e04220420', 'hex')

function publicX25519(raw: Buffer): KeyObject {
  return createPublicKey({ key: Buffer.concat([spki, raw]), format: 'der', type: 'spki' })
}

function privateX25519(raw: Buffer): KeyObject {
  return createPrivateKey({ key: Buffer.concat([pkcs8, raw]), format: 'der', type: 'pkcs8' })
}

function rawPublic(key: KeyObject): Buffer {
  return key.export({ format: 'der', type: 'spki' }).subarray(spki.length)
}

function unpadded(bytes: Buffer): string {
  return bytes.toString('base64').replace(/=+$/, '')
}

import { createPrivateKey, type KeyObject } from 'node:crypto'
import { readStrings } from './ssh-key.ts'

export type OpenSshPrivateKey =
  | { type: 'ssh-ed25519'; seed: Buffer; point: Buffer }
  | { type: 'ssh-rsa'; key: KeyObject }

const magic = 'openssh-key-v1\0'

/**
 * An OpenSSH private key file without passphrase. Source: OpenSSH's PROTOCOL.key.
 * @returns `encrypted` when it has a passphrase, undefined when it is damaged or of another kind.
 */
export function openSshPrivateKey(pem: string): OpenSshPrivateKey | 'encrypted' | undefined {
  const base64 = pem.replace(/-----[A-Z ]+-----/g, '').replace(/\s/g, '')
  const file = Buffer.from(base64, 'base64')
  if (file.toString('latin1', 0, magic.length) !== magic) return undefined
  const head = readStrings(file.subarray(magic.length), 3)
  const [cipher, kdf, options] = head ?? []
  if (cipher === undefined || kdf === undefined || options === undefined) return undefined
  if (cipher.toString() !== 'none') return 'encrypted'
  const keys = magic.length + 12 + cipher.length + kdf.length + options.length
  // After the number of keys: the public key, then the private part.
  const part = readStrings(file.subarray(keys + 4), 2)?.[1]
  if (part === undefined || part.length < 8 || part.readUInt32BE(0) !== part.readUInt32BE(4)) return undefined
  return privatePart(part.subarray(8))
}

function privatePart(part: Buffer): OpenSshPrivateKey | undefined {
  const type = readStrings(part, 1)?.[0]?.toString()
  if (type === 'ssh-ed25519') {
    const [, point, secret] = readStrings(part, 3) ?? []
    if (point?.length !== 32 || secret?.length !== 64) return undefined
    return { type, point, seed: secret.subarray(0, 32) }
  }
  if (type !== 'ssh-rsa') return undefined
  const [, n, e, d, qi, p, q] = readStrings(part, 7) ?? []
  if (!n || !e || !d || !qi || !p || !q) return undefined
  const exponents = { dp: remainder(d, p), dq: remainder(d, q) }
  const jwk = { kty: 'RSA', n: url(n), e: url(e), d: url(d), p: url(p), q: url(q), qi: url(qi), ...exponents }
  return { type, key: createPrivateKey({ key: jwk, format: 'jwk' }) }
}

/** d mod (prime - 1): OpenSSH leaves these out, a JWK wants them. */
function remainder(d: Buffer, prime: Buffer): string {
  const value = number(d) % (number(prime) - 1n)
  const hex = value.toString(16)
  return Buffer.from(hex.length % 2 ? `0${hex}` : hex, 'hex').toString('base64url')
}

function number(bytes: Buffer): bigint {
  return BigInt(`0x${bytes.toString('hex')}`)
}

function url(bytes: Buffer): string {
  return (bytes[0] === 0 ? bytes.subarray(1) : bytes).toString('base64url')
}

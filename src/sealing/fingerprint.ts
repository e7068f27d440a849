import { createHash, type KeyObject } from 'node:crypto'

/**
 * `SHA256:…` of the public key in SSH form: the name that the controller and kubeseal give a key (pkg/crypto PublicKeyFingerprint).
 * The same for the certificate's key and the private key's public half.
 */
export function publicKeyFingerprint(key: KeyObject): string {
  const { e = '', n = '' } = key.export({ format: 'jwk' })
  const wire = Buffer.concat([Buffer.from('ssh-rsa'), number(e), number(n)].map(sshString))
  return `SHA256:${createHash('sha256').update(wire).digest('base64').replace(/=+$/, '')}`
}

/** An SSH number has a leading zero where its top bit is set (RFC 4251 5). */
function number(base64url: string): Buffer {
  const bytes = Buffer.from(base64url, 'base64url')
  return (bytes[0] ?? 0) & 0x80 ? Buffer.concat([Buffer.alloc(1), bytes]) : bytes
}

function sshString(bytes: Buffer): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

import { generateKeyPairSync, type KeyObject, randomBytes } from 'node:crypto'

export type SshKeyPair = {
  /** OpenSSH PEM, unencrypted: what `ssh-keygen -t ed25519 -N ''` writes. */
  privateKey: string
  /** One line as in authorized_keys, without a line break. */
  publicKey: string
}

/**
 * A new ed25519 key pair in OpenSSH's own format. Keys are Node's, only the wrapping is ours:
 * the generator of ssh2 1.17 makes one unreadable key in about 150.
 * Format: PROTOCOL.key of OpenSSH (openssh-key-v1).
 */
export function generateKeyPair(comment: string): SshKeyPair {
  const { publicKey, privateKey } = generateKeyPairSync('ed25519')
  const point = raw(publicKey, 'x')
  const blob = Buffer.concat([field('ssh-ed25519'), field(point)])
  const check = randomBytes(4)
  const secret = Buffer.concat([
    check,
    check,
    blob,
    field(Buffer.concat([raw(privateKey, 'd'), point])),
    field(comment),
  ])
  const body = Buffer.concat([
    Buffer.from('openssh-key-v1\0', 'latin1'),
    field('none'),
    field('none'),
    field(''),
    uint32(1),
    field(blob),
    field(padded(secret)),
  ])
  const lines = body.toString('base64').match(/.{1,70}/g) ?? []
  return {
    privateKey: [
      '-----BEGIN OPENSSH PRIVATE KEY-----',
      ...lines,
      '-----END OPENSSH PRIVATE KEY-----',
      '',
    ].join('\n'),
    publicKey: `ssh-ed25519 ${blob.toString('base64')} ${comment}`.trimEnd(),
  }
}

function raw(key: KeyObject, part: 'x' | 'd'): Buffer {
  return Buffer.from(key.export({ format: 'jwk' })[part] ?? '', 'base64url')
}

function field(content: string | Buffer): Buffer {
  const bytes = Buffer.from(content)
  return Buffer.concat([uint32(bytes.length), bytes])
}

function uint32(value: number): Buffer {
  const bytes = Buffer.alloc(4)
  bytes.writeUInt32BE(value)
  return bytes
}

/** To a multiple of eight with 1, 2, 3 …, as the format asks of an unencrypted key. */
function padded(secret: Buffer): Buffer {
  const missing = (8 - (secret.length % 8)) % 8
  return Buffer.concat([secret, Buffer.from(Array.from({ length: missing }, (_, index) => index + 1))])
}

import { createHash } from 'node:crypto'
import { UsageError } from '../errors.ts'

export type PublicKey = { type: string; blob: Buffer }

/**
 * Reads a line as in authorized_keys or a `.pub` file; the comment does not matter.
 * @throws UsageError `public-key-malformed`
 */
export function parsePublicKey(line: string): PublicKey {
  const [type = '', base64 = ''] = line.trim().split(/\s+/)
  const blob = Buffer.from(base64, 'base64')
  const length = blob.length < 4 ? 0 : blob.readUInt32BE(0)
  if (length === 0 || blob.subarray(4, 4 + length).toString('latin1') !== type) {
    throw new UsageError(`"${line.trim().slice(0, 40)}" is not an SSH public key.`, {
      code: 'public-key-malformed',
      hint: 'It must be a line like: ssh-ed25519 AAAAC3Nza… comment',
    })
  }
  return { type, blob }
}

/** How OpenSSH names a key: `SHA256:` and 43 base64 letters. @param publicKeyLine as in authorized_keys */
export function fingerprint(publicKeyLine: string): string {
  return fingerprintOf(parsePublicKey(publicKeyLine).blob)
}

export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

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

/** Reads the key that a server is pinned to. @throws UsageError also when it is of another type than ed25519. */
export function parseHostKey(line: string): PublicKey & { type: 'ssh-ed25519' } {
  const { type, blob } = parsePublicKey(line)
  if (type === 'ssh-ed25519') return { type, blob }
  throw new UsageError(`The pinned host key is of type ${type}; cosmos pins only ssh-ed25519.`, {
    code: 'host-key-type',
    hint: 'Take the line of /etc/ssh/ssh_host_ed25519_key.pub on the server.',
  })
}

/** How OpenSSH names a key: `SHA256:` and 43 base64 letters. @param publicKeyLine as in authorized_keys */
export function fingerprint(publicKeyLine: string): string {
  return fingerprintOf(parsePublicKey(publicKeyLine).blob)
}

export function fingerprintOf(blob: Buffer): string {
  return `SHA256:${createHash('sha256').update(blob).digest('base64').replace(/=+$/, '')}`
}

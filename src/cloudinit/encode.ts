import { createHash } from 'node:crypto'
import { gzipSync } from 'node:zlib'
import { CosmosError } from '../errors.ts'

/** Longest `user_data` the API takes, in characters as sent. Source: official OpenAPI text, POST /servers. */
export const userDataLimit = 32_768

export type Part = { name: string; bytes: number }

/**
 * The text as it is sent: plain while it fits, else base64 of gzip, which cloud-init's Hetzner datasource unpacks.
 * The same text always gives the same bytes.
 * @throws CosmosError `user-data-too-large`, naming the biggest parts
 */
export function encodeUserData(text: string, parts: readonly Part[]): string {
  const plain = Buffer.byteLength(text)
  if (plain <= userDataLimit) return text
  const packed = pack(text)
  if (packed.length <= userDataLimit) return packed
  throw tooLarge(packed.length, parts)
}

/** The tenth byte of a gzip header names the operating system that packed it: 255, unknown, everywhere. */
function pack(text: string): string {
  const packed = gzipSync(text, { level: 9 })
  packed[9] = 255
  return packed.toString('base64')
}

function tooLarge(bytes: number, parts: readonly Part[]): CosmosError {
  return new CosmosError(
    `The user data is too large: ${bytes} bytes as sent, and Hetzner takes ${userDataLimit}.`,
    {
      code: 'user-data-too-large',
      hint: 'Retire old sealing keys (cosmos key list), or shorten what is in cosmos.yaml; see it all with: cosmos render cloud-init',
      details: [
        'Its biggest parts, before packing:',
        ...parts.slice(0, 5).map(part => `${part.bytes} bytes  ${part.name}`),
      ],
    },
  )
}

/**
 * 16 hexadecimal digits that say whether two machines were told the same. Taken from the text, because two computers
 * may pack the same text differently.
 */
export function fingerprint(text: string): string {
  return createHash('sha256').update(text).digest('hex').slice(0, 16)
}

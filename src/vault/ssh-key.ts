import { createHash } from 'node:crypto'

/** An SSH public key taken apart: its fields as on the wire (RFC 4253 6.6), and the whole. */
export type SshPublicKey = { type: string; fields: Buffer[]; wire: Buffer }

/** @returns the key of an authorized_keys line, or undefined when it is none. */
export function parseSshPublicKey(line: string): SshPublicKey | undefined {
  const [type, encoded] = line.trim().split(/\s+/)
  if (type === undefined || encoded === undefined || !/^ssh-[a-z0-9]+$/.test(type)) return undefined
  const wire = Buffer.from(encoded, 'base64')
  const strings = readStrings(wire)
  const [name, ...fields] = strings ?? []
  return name?.toString() === type ? { type, fields, wire } : undefined
}

/** The first four bytes of the key's SHA-256 in base64: how an age stanza names an SSH key. */
export function sshTag(wire: Uint8Array): string {
  return createHash('sha256').update(wire).digest().subarray(0, 4).toString('base64').replace(/=+$/, '')
}

/** Length-prefixed strings up to the end, or undefined when the lengths do not add up. */
export function readStrings(bytes: Buffer, count = Number.POSITIVE_INFINITY): Buffer[] | undefined {
  const strings: Buffer[] = []
  let at = 0
  while (at < bytes.length && strings.length < count) {
    if (at + 4 > bytes.length) return undefined
    const end = at + 4 + bytes.readUInt32BE(at)
    if (end > bytes.length) return undefined
    strings.push(bytes.subarray(at + 4, end))
    at = end
  }
  return strings
}

/** One length-prefixed string. */
export function sshString(bytes: Uint8Array): Buffer {
  const length = Buffer.alloc(4)
  length.writeUInt32BE(bytes.length)
  return Buffer.concat([length, bytes])
}

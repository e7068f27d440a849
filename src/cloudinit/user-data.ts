import { stringify } from 'yaml'
import { cloudConfig, machineFiles } from './cloud-config.ts'
import { encodeUserData, fingerprint, type Part } from './encode.ts'
import type { UserDataInput } from './input.ts'

export type UserData = {
  /** The cloud-config as YAML. */
  text: string
  /** What is sent. */
  encoded: string
  /** Bytes as sent. */
  bytes: number
  /** Biggest first. */
  parts: Part[]
  fingerprint: string
}

/**
 * The user data of a machine. Pure: the same input gives the same bytes.
 * @throws CosmosError `user-data-too-large`
 */
export function userData(input: UserDataInput): UserData {
  const text = `#cloud-config\n${stringify(cloudConfig(input), { lineWidth: 0, version: '1.1' })}`
  const parts = machineFiles(input)
    .map(({ path, content }) => ({ name: path, bytes: Buffer.byteLength(content) }))
    .sort((a, b) => b.bytes - a.bytes)
  const encoded = encodeUserData(text, parts)
  return { text, encoded, bytes: Buffer.byteLength(encoded), parts, fingerprint: fingerprint(text) }
}

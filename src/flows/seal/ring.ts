import type { Cli } from '../../cli/index.ts'
import { keyRing, type RingKey } from '../../sealing/index.ts'
import { openVault } from '../vault/open.ts'

/** Every sealing key of the project's vault, newest first. */
export async function openRing(cli: Cli): Promise<RingKey[]> {
  const { contents } = await openVault(cli)
  return keyRing(contents.sealing.keys)
}

import type { Cli } from '../../cli/index.ts'
import { newestKey } from '../../sealing/index.ts'
import type { SealingKey } from '../../vault/index.ts'
import { writeFileSafely } from '../seal/files.ts'

/** Lays the newest key's certificate open beside the vault, so that sealing needs no passphrase. */
export async function writeCertificate(cli: Cli, path: string, keys: readonly SealingKey[]): Promise<void> {
  await writeFileSafely(path, newestKey(keys).pem.certificate, { signal: cli.signal })
}

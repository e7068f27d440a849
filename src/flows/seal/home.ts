import { dirname, join } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { findConfig } from '../../config/index.ts'

/** Where a project keeps what sealing needs. cosmos.yaml itself is not read: sealing takes milliseconds. */
export type Home = { dir: string; vaultPath: string; certificatePath: string }

/** The folder of the nearest cosmos.yaml, else this one. */
export async function sealingHome(cli: Cli): Promise<Home> {
  const config = cli.config ?? (await findConfig(cli.cwd))
  const dir = config === undefined ? cli.cwd : dirname(config)
  return { dir, vaultPath: join(dir, 'cosmos.vault.age'), certificatePath: join(dir, 'cosmos.sealing.crt') }
}

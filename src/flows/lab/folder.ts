import type { Cli } from '../../cli/index.ts'
import { labDir } from '../lab-dir.ts'

/** Folder of the lab that a command means: beside the nearest cosmos.yaml, or in the folder one stands in. */
export async function labFolder(cli: Cli): Promise<string> {
  const { findConfig } = await import('../../config/index.ts')
  return labDir(cli, cli.config ?? (await findConfig(cli.cwd)))
}

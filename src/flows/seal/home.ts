import { dirname, join } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { findConfig } from '../../config/index.ts'

/** Where a project keeps what sealing needs. cosmos.yaml itself is not read: sealing takes milliseconds. */
export type Home = {
  vaultPath: string
  certificatePath: string
  /** Of the lab's throw-away vault; nobody is asked for it. */
  passphrase?: string
}

/** The folder of the nearest cosmos.yaml, else this one; with `--lab` that of the project's twin, whose keys the lab's servers have. */
export async function sealingHome(cli: Cli): Promise<Home> {
  if (cli.lab !== 'off') {
    const { labProject } = await import('../lab-project.ts')
    const { dir, passphrase } = await labProject(cli)
    return { ...homeIn(dir), ...(passphrase === undefined ? {} : { passphrase }) }
  }
  const config = cli.config ?? (await findConfig(cli.cwd))
  return homeIn(config === undefined ? cli.cwd : dirname(config))
}

function homeIn(dir: string): Home {
  return { vaultPath: join(dir, 'cosmos.vault.age'), certificatePath: join(dir, 'cosmos.sealing.crt') }
}

import type { Cli } from '../../cli/index.ts'
import { labFolder } from './folder.ts'

/** `cosmos lab snapshot NAME`: keeps the whole lab as it is now: cloud, disks and volumes. */
export async function snapshotTheLab(cli: Cli, name: string): Promise<Record<string, unknown>> {
  const { snapshotLab } = await import('../../lab/index.ts')
  const dir = await labFolder(cli)
  await snapshotLab(dir, name)
  cli.out(`The lab in ${dir} is kept as "${name}". Back to it: cosmos lab restore ${name}`)
  return { dir, name }
}

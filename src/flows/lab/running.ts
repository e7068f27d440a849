import type { Cli } from '../../cli/index.ts'
import { CosmosError } from '../../errors.ts'
import type { LabStatus } from '../../lab/index.ts'
import { labFolder } from './folder.ts'

/** The lab that a command asks something of. @throws CosmosError `lab-not-running` */
export async function runningLab(cli: Cli): Promise<LabStatus & { dir: string }> {
  const { labStatus } = await import('../../lab/index.ts')
  const dir = await labFolder(cli)
  const lab = await labStatus(dir)
  if (lab?.running) return { ...lab, dir }
  throw new CosmosError(`No lab runs in ${dir}.`, { code: 'lab-not-running', hint: 'cosmos lab start' })
}

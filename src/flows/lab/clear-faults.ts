import type { Cli } from '../../cli/index.ts'
import { runningLab } from './running.ts'

/** `cosmos lab fault clear`: one fault, or all. @throws CosmosError `lab-refused` when there is none of that id */
export async function clearFaults(cli: Cli, id: number | undefined): Promise<Record<string, unknown>> {
  const { askLab } = await import('../../lab/index.ts')
  const lab = await runningLab(cli)
  const answer = await askLab(lab, 'DELETE', id === undefined ? '/faults' : `/faults/${id}`)
  const cleared = id === undefined ? Number(answer.cleared) : 1
  cli.out(cleared === 1 ? 'Cleared 1 fault.' : `Cleared ${cleared} faults.`)
  return { cleared }
}

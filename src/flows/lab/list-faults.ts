import type { Cli } from '../../cli/index.ts'
import { type FaultRow, howOf } from './fault-line.ts'
import { runningLab } from './running.ts'

/** `cosmos lab fault list`: what waits to go wrong, and how often each has struck. */
export async function listFaults(cli: Cli): Promise<Record<string, unknown>> {
  const { askLab } = await import('../../lab/index.ts')
  const { faults } = (await askLab(await runningLab(cli), 'GET', '/faults')) as { faults: FaultRow[] }
  if (faults.length === 0) cli.out('No faults. Add one with: cosmos lab fault add')
  else
    cli.table([
      ['ID', 'KIND', 'ON', 'WHAT', 'LETS PASS', 'TIMES', 'STRUCK'],
      ...faults.map(fault => [
        String(fault.id),
        fault.kind,
        fault.on ?? 'any',
        howOf(fault),
        String(fault.skip),
        fault.times === null ? 'always' : String(fault.times),
        String(fault.struck),
      ]),
    ])
  return { faults }
}

import type { Cli } from '../../cli/index.ts'
import { type FaultRow, faultLine } from './fault-line.ts'
import { runningLab } from './running.ts'

export type FaultFlags = {
  kind: string
  on: string | undefined
  skip: number | undefined
  /** How often; null: until cleared. */
  times: number | null | undefined
  code: string | undefined
  message: string | undefined
  mode: string | undefined
  delayMs: number | undefined
  factor: number | undefined
}

/** `cosmos lab fault add`: something that will go wrong on purpose. @throws CosmosError `lab-refused` when it makes no sense */
export async function addFault(cli: Cli, flags: FaultFlags): Promise<Record<string, unknown>> {
  const { askLab } = await import('../../lab/index.ts')
  const given = Object.fromEntries(Object.entries(flags).filter(([, value]) => value !== undefined))
  const { fault } = await askLab(await runningLab(cli), 'POST', '/faults', given)
  cli.out(faultLine(fault as FaultRow))
  return { fault }
}

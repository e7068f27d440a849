import type { Hetzner } from '../../hetzner/index.ts'
import type { Action } from '../../hetzner/wire.ts'
import type { SwapRecord } from '../../state/state.ts'
import type { LockedState } from '../locked-state.ts'
import { Machine } from '../machine.ts'
import type { Project } from '../project.ts'
import type { FinishContext } from '../up/finish.ts'
import type { Placement } from '../up/placement.ts'

/** What belongs to the cluster and outlives the machine. */
export type Kept = {
  volume: number
  ipv4: number
  ipv6: number | undefined
  address: string
  sshKey: number
  firewall: number
}

/** What the steps of a swap share. */
export type SwapContext = FinishContext & {
  project: Project
  hetzner: Hetzner
  log: LockedState
  /** The decision and what came of it; in the state file with every effect. */
  record: SwapRecord
  kept: Kept
  /** Where and as what a new server may be made, best first. */
  placements: readonly Placement[]
  pending: Action[]
  /** Go on when the old server cannot be reached. */
  force: boolean
}

/** Id of the swap, the same in every run that continues it. */
export function swapId({ log }: Pick<SwapContext, 'log'>): string {
  return log.operation?.run ?? log.run
}

/** The machine behind the cluster's address is another one from here on. */
export function forgetMachine(context: SwapContext): void {
  context.opened?.close()
  context.opened = undefined
  context.seen = undefined
}

/** A machine at another address than the cluster's, with the same login and the same host key. */
export function machineAt(context: SwapContext, host: string): Machine {
  const { config, login, log, intervalMs } = context
  return new Machine({
    host,
    port: config.ssh.port,
    hostKey: log.resources.hostKey ?? '',
    pauseMs: intervalMs / 2,
    ...login,
  })
}

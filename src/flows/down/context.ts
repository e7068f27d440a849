import type { Cli } from '../../cli/index.ts'
import type { Config } from '../../config/schema.ts'
import type { Hetzner } from '../../hetzner/index.ts'
import type { Server } from '../../hetzner/wire.ts'
import type { EffectLog } from '../effects.ts'
import type { LockedState } from '../locked-state.ts'
import type { Machine } from '../machine.ts'
import { isOurs } from '../names.ts'
import type { Project } from '../project.ts'
import { reachMachine } from '../reach.ts'
import type { DownPlan } from './plan.ts'

export type DownContext = {
  config: Config
  hetzner: Hetzner
  log: EffectLog
  plan: DownPlan
  server: Server | undefined
  /** The volume that the server holds, if any. */
  attached: number | undefined
  machine: () => Promise<Machine>
  /** Go on without proof of release, by cutting the power first. */
  force: boolean
  /** Milliseconds between two looks at the server. */
  intervalMs: number
}

export async function downContext(
  cli: Cli,
  project: Project,
  log: LockedState,
  plan: DownPlan,
  force: boolean,
): Promise<DownContext> {
  const hetzner = await project.hetzner()
  const id = plan.items.find(item => item.kind === 'server')?.id
  const server = id === undefined ? undefined : await hetzner.servers.get(id, cli.signal)
  const ours = server !== undefined && isOurs(server, plan.cluster) ? server : undefined
  const attached = plan.items.find(item => item.kind === 'volume' && ours?.volumes?.includes(item.id))?.id
  return {
    config: project.config,
    hetzner,
    log,
    plan,
    server: ours,
    attached,
    machine: () => reachMachine(cli, project),
    force,
    intervalMs: project.pollIntervalMs,
  }
}

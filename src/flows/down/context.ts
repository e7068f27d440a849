import type { Cli } from '../../cli/index.ts'
import type { Config } from '../../config/schema.ts'
import { RefusedError } from '../../errors.ts'
import type { Hetzner } from '../../hetzner/index.ts'
import type { Server } from '../../hetzner/wire.ts'
import type { LockedState } from '../locked-state.ts'
import type { Machine } from '../machine.ts'
import { isOurs } from '../names.ts'
import type { Project } from '../project.ts'
import { reachMachine } from '../reach.ts'
import type { DownPlan } from './plan.ts'

export type DownContext = {
  config: Config
  hetzner: Hetzner
  log: LockedState
  plan: DownPlan
  server: Server | undefined
  /** The volume that the server holds, if any. */
  attached: number | undefined
  /** Addresses that would go with the server, and shall not. */
  atRisk: number[]
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
  const attached = dataVolume(plan, ours, log.resources.volume)
  const host = ours?.public_net.ipv4?.ip
  return {
    config: project.config,
    hetzner,
    log,
    plan,
    server: ours,
    attached,
    atRisk: await addressesAtRisk(hetzner, plan, ours, cli.signal),
    machine: () => reachMachine(cli, project, host),
    force,
    intervalMs: project.pollIntervalMs,
  }
}

/**
 * The data volume that the server holds. By label or, where somebody took the label away, by the id we know: it is released either way.
 * @throws RefusedError `foreign-volume` when the server holds another one, which we could neither release nor prove free
 */
function dataVolume(
  plan: DownPlan,
  server: Server | undefined,
  known: number | undefined,
): number | undefined {
  const labelled = plan.items.filter(item => item.kind === 'volume').map(item => item.id)
  const held = server?.volumes ?? []
  const data = held.find(id => id === known) ?? held.find(id => labelled.includes(id))
  const foreign = held.filter(id => id !== data)
  if (foreign.length > 0 && server?.status !== 'off') {
    throw new RefusedError(
      `The server also holds volume ${foreign.join(', ')}, which is not the one that cosmos mounts and may be in use.`,
      {
        code: 'foreign-volume',
        hint: `Unmount it on the server and detach it first (hcloud volume detach ${foreign[0]}), then: cosmos down`,
      },
    )
  }
  return data
}

async function addressesAtRisk(
  hetzner: Hetzner,
  plan: DownPlan,
  server: Server | undefined,
  signal: AbortSignal,
): Promise<number[]> {
  const doomed = plan.items.filter(item => item.fate === 'delete').map(item => item.id)
  const held = [server?.public_net.ipv4?.id, server?.public_net.ipv6?.id]
  const staying = held.filter(id => id !== undefined).filter(id => !doomed.includes(id))
  const found = await Promise.all(staying.map(id => hetzner.primaryIps.get(id, signal)))
  return found.flatMap(ip => (ip?.auto_delete ? [ip.id] : []))
}

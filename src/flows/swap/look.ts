import type { Cli } from '../../cli/index.ts'
import { CosmosError, RefusedError } from '../../errors.ts'
import type { Hetzner } from '../../hetzner/index.ts'
import type { Server, ServerType } from '../../hetzner/wire.ts'
import { readHistory } from '../../state/index.ts'
import type { State, SwapRecord } from '../../state/state.ts'
import { type Observed, observe } from '../observe.ts'
import { pricesOf } from '../prices.ts'
import type { Project } from '../project.ts'
import { takeOver } from '../up/look.ts'
import { type Placement, placements } from '../up/placement.ts'
import type { Kept } from './context.ts'
import { planSwap, type SwapPlan } from './plan.ts'
import type { Strategy } from './story.ts'

export type Wanted = { strategy: Strategy | 'auto'; type?: string | undefined; image?: string | undefined }

export type Seen = {
  observed: Observed
  kept: Kept
  serverTypes: readonly ServerType[]
}

/** What is there, taken over into the state. @throws RefusedError when something a server needs is missing, or is there twice */
export async function lookAround(cli: Cli, project: Project, state: State): Promise<Seen> {
  const hetzner = await project.hetzner()
  const { name } = project.config
  const [observed, serverTypes] = await Promise.all([
    observe(hetzner, name, state.resources, cli.signal, { everything: true }),
    hetzner.serverTypes.list({}, cli.signal),
  ])
  const { server } = state.resources
  takeOver(state, observed)
  // While a swap is under way, which of two servers is the cluster's is for its record to say.
  if (state.operation?.swap !== undefined && server !== undefined) state.resources.server = server
  return { observed, serverTypes, kept: await keptOf(hetzner, project, state, observed, cli.signal) }
}

async function keptOf(
  hetzner: Hetzner,
  { config }: Project,
  { resources }: State,
  observed: Observed,
  signal: AbortSignal,
): Promise<Kept> {
  const { volume, ipv4, ipv6, address, firewall } = resources
  const sshKey =
    observed.sshKeys?.[0]?.id ??
    (await hetzner.sshKeys.findByPublicKey(config.ssh.publicKey.trim(), signal))?.id
  if (observed.volumes.length > 1) throw ambiguous('volume', observed.volumes)
  if (
    volume === undefined ||
    ipv4 === undefined ||
    address === undefined ||
    firewall === undefined ||
    sshKey === undefined
  ) {
    throw new RefusedError(
      'Something that the new server needs is missing: the volume, the address, the firewall or the SSH key.',
      {
        code: 'incomplete',
        hint: 'See what it is, and mend it: cosmos up --plan',
      },
    )
  }
  resources.sshKey = sshKey
  return { volume, ipv4, ipv6, address, sshKey, firewall }
}

function ambiguous(what: string, found: readonly { id: number; name: string }[]): RefusedError {
  const list = found.map(each => `${each.name} (${each.id})`).join(', ')
  return new RefusedError(`There is more than one ${what} with the label of this cluster: ${list}.`, {
    code: 'ambiguous',
    hint: 'Take the label cosmos.dev/cluster off the one that is not in use, then: cosmos swap',
  })
}

/** The one server that is to be replaced. */
export function serverOf({ observed }: Seen, cluster: string): Server {
  const [server, ...more] = observed.servers
  if (server === undefined) {
    throw new RefusedError(`There is no server of "${cluster}" to swap.`, {
      code: 'no-server',
      hint: 'Make one: cosmos up',
    })
  }
  if (more.length > 0) throw ambiguous('server', observed.servers)
  if (server.protection.delete || server.protection.rebuild) {
    throw new RefusedError(`The server ${server.name} is protected from being deleted and rebuilt.`, {
      code: 'protected',
      hint: `Take the protection off first: hcloud server disable-protection ${server.id} delete rebuild`,
    })
  }
  return server
}

/** Types that would do: the one asked for, else those of cosmos.yaml, the present one first while it is among them. */
export function wantedTypes(project: Project, wanted: Wanted, current: string): string[] {
  if (wanted.type !== undefined) return [wanted.type]
  const { types } = project.config.server
  return types.includes(current) ? [current, ...types.filter(each => each !== current)] : [...types]
}

/** What of these types can be ordered now where the volume is; none is no error here. */
export function placementsOf(
  project: Project,
  types: readonly string[],
  serverTypes: readonly ServerType[],
  location: string,
): readonly Placement[] {
  const { config } = project
  const asked = { ...config, server: { ...config.server, types: [...types] } }
  try {
    return placements(asked, serverTypes, new Date(), location)
  } catch (error) {
    if (error instanceof CosmosError && error.code === 'out-of-stock') return []
    throw error
  }
}

export type NewSwap = { plan: SwapPlan; record: SwapRecord }

/** A swap that has not begun: its plan, and what it decides. */
export async function planNew(cli: Cli, project: Project, seen: Seen, wanted: Wanted): Promise<NewSwap> {
  const { config, stateDir, endpoint } = project
  const server = serverOf(seen, config.name)
  const [volume] = seen.observed.volumes
  if (volume === undefined) throw new Error('a volume is known here')
  const types = wantedTypes(project, wanted, server.server_type.name)
  const offered = placementsOf(project, types, seen.serverTypes, volume.location.name)
  const image = wanted.image ?? config.server.image
  const prices = await pricesOf(await project.hetzner(), { dir: stateDir, endpoint, signal: cli.signal })
  const plan = planSwap({
    cluster: config.name,
    server,
    volume,
    wanted: { strategy: wanted.strategy, types, image },
    placements: offered,
    serverTypes: seen.serverTypes,
    prices,
    history: await readHistory(stateDir),
  })
  const mayRebuild = wanted.strategy === 'auto' && types.includes(server.server_type.name)
  return {
    plan,
    record: {
      strategy: plan.strategy,
      direction: 'forward',
      types: plan.to.types,
      image,
      old: server.id,
      ...(mayRebuild ? { mayRebuild } : {}),
    },
  }
}

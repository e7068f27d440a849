import type { Cli } from '../../cli/index.ts'
import { RefusedError } from '../../errors.ts'
import type { Hetzner } from '../../hetzner/index.ts'
import type { State } from '../../state/index.ts'
import { type Observed, observe } from '../observe.ts'
import { cachedPrices, pricesOf } from '../prices.ts'
import type { Project } from '../project.ts'
import { userDataMatches } from './inputs.ts'
import { type Placement, placements } from './placement.ts'
import { type Plan, planUp, sameKey } from './plan.ts'

/**
 * Observes and plans. Takes over into the state what it saw: ids of what is there, none of what is gone.
 * Stock and prices are asked for only when something is missing.
 */
export async function lookAhead(cli: Cli, project: Project, state: State): Promise<Plan> {
  const { config } = project
  const hetzner = await project.hetzner()
  const observed = await observe(hetzner, config.name, state.resources, cli.signal)
  refuseDuringSwap(state, observed)
  const needsServer =
    observed.servers.length === 0 && !observed.unlabelled.some(each => each.kind === 'server')
  takeOver(state, observed)
  if (needsServer) await forgetOtherKey(hetzner, config.ssh.publicKey, state, observed, cli.signal)
  const [choices, prices] = await Promise.all([
    needsServer ? choose(cli, project, observed) : [],
    needsServer
      ? pricesOf(hetzner, { dir: project.stateDir, endpoint: project.endpoint, signal: cli.signal })
      : cachedPrices({ dir: project.stateDir, endpoint: project.endpoint }),
  ])
  const [server] = observed.servers
  const matches = server === undefined ? undefined : await userDataMatches(project, state, server)
  return planUp({
    config,
    observed,
    known: state.resources,
    placements: choices,
    prices,
    userDataMatches: matches,
  })
}

/** While two servers share the volume and the addresses, only the swap knows whose they are. */
function refuseDuringSwap({ operation }: State, { spares }: Observed): void {
  const isUnderWay = operation?.kind === 'swap' || spares.servers.length + spares.primaryIps.length > 0
  if (!isUnderWay) return
  throw new RefusedError('A swap of the server is under way.', {
    code: 'swap-under-way',
    hint: 'Continue it: cosmos swap. Or go back to the old server: cosmos swap --back',
  })
}

async function choose(
  cli: Cli,
  { config, hetzner }: Project,
  observed: Observed,
): Promise<readonly Placement[]> {
  const types = await (await hetzner()).serverTypes.list({}, cli.signal)
  const fixed = observed.volumes[0]?.location.name ?? observed.primaryIps[0]?.location.name
  return placements(config, types, new Date(), fixed)
}

/** Takes over into the state what was seen: ids of what is there, none of what is gone. */
export function takeOver({ resources }: Pick<State, 'resources'>, observed: Observed): void {
  const stray = (kind: string, id: number | undefined) =>
    observed.unlabelled.some(each => each.kind === kind && each.id === id)
  const ipv4 = observed.primaryIps.find(each => each.type === 'ipv4')
  const ipv6 = observed.primaryIps.find(each => each.type === 'ipv6')
  const found = {
    server: observed.servers[0]?.id,
    volume: observed.volumes[0]?.id,
    ipv4: ipv4?.id,
    ipv6: ipv6?.id,
    firewall: observed.firewalls?.[0]?.id,
  }
  for (const [kind, id] of Object.entries(found) as [keyof typeof found, number | undefined][]) {
    if (id !== undefined) resources[kind] = id
    else if (!stray(kind, resources[kind])) delete resources[kind]
  }
  const sshKey = observed.sshKeys?.[0]?.id
  if (sshKey !== undefined) resources.sshKey = sshKey
  if (ipv4 !== undefined) resources.address = ipv4.ip
}

/** A key that was in the project before, under another name, may be gone by now, or cosmos.yaml may name another one. */
async function forgetOtherKey(
  hetzner: Hetzner,
  publicKey: string,
  { resources }: State,
  observed: Observed,
  signal: AbortSignal,
): Promise<void> {
  const { sshKey } = resources
  if (sshKey === undefined || observed.sshKeys?.some(each => each.id === sshKey)) return
  const found = await hetzner.sshKeys.get(sshKey, signal)
  if (found === undefined || !sameKey(found, publicKey)) delete resources.sshKey
}

import type { Cli } from '../../cli/index.ts'
import { RefusedError } from '../../errors.ts'
import type { State, SwapRecord } from '../../state/state.ts'
import { agree } from '../agree.ts'
import { confirmName } from '../confirm-name.ts'
import { begin, type LockedState, withLockedState } from '../locked-state.ts'
import { swapLabel } from '../names.ts'
import type { Project } from '../project.ts'
import { lookAround, planNew, type Seen, type Wanted } from './look.ts'
import type { SwapPlan } from './plan.ts'
import { renderSwapPlan } from './render-plan.ts'
import { runSwap, type SwapOutcome } from './run.ts'
import { nextOf, standingOf } from './standing.ts'

export type SwapOptions = Wanted & {
  planOnly: boolean
  back: boolean
  rollback: boolean
  /** Go on without the old server's word that it let go. */
  force: boolean
  confirm: string | undefined
  /** Milliseconds that each wait may take. */
  deadlineMs: number
}

export type SwapResult = { plan: SwapPlan | null } & Partial<SwapOutcome>

/**
 * A new machine under the same data, address and identity. A run that was cut off is continued, or with `back` undone.
 * @throws RefusedError when nothing was changed; CosmosError with where things stand otherwise
 */
export async function swap(cli: Cli, project: Project, options: SwapOptions): Promise<SwapResult> {
  if (options.planOnly) return showPlan(cli, project, options)
  return withLockedState(cli, project, 'swap', locked => swapLocked(cli, project, locked, options))
}

async function showPlan(cli: Cli, project: Project, options: SwapOptions): Promise<SwapResult> {
  const state = await project.readState()
  const seen = await lookAround(cli, project, state)
  const record = unfinished(state) ?? foundInCloud(seen, project)
  if (record !== undefined) {
    cli.out(`A swap by "${record.strategy}" is under way. ${standingOf(record)}`)
    cli.out(nextOf(record))
    return { plan: null }
  }
  const { plan } = await planNew(cli, project, seen, options)
  cli.out(renderSwapPlan(plan))
  return { plan }
}

async function swapLocked(
  cli: Cli,
  project: Project,
  locked: LockedState,
  options: SwapOptions,
): Promise<SwapResult> {
  const seen = await lookAround(cli, project, locked.state)
  const known = unfinished(locked.state)
  if (known !== undefined) {
    takeOverSpares(known, seen, locked.state.operation?.run)
    return goOn(cli, project, locked, seen, known, options)
  }
  const found = foundInCloud(seen, project)
  if (found !== undefined) {
    cli.out('A swap is under way that nothing is known of here: there is a spare server.')
    await agree(cli, 'Take it over? Only when nobody else is at it.', {
      code: 'not-confirmed',
      hint: 'If no other swap is running, take it over with: cosmos swap --yes',
    })
    begin(locked, 'swap')
    adoptId(locked, seen)
    return goOn(cli, project, locked, seen, found, options)
  }
  if (options.back) {
    throw new RefusedError('There is nothing to go back from: no swap is under way.', {
      code: 'no-swap',
      hint: 'See where things stand: cosmos status',
    })
  }
  const { plan, record } = await planNew(cli, project, seen, options)
  cli.out(renderSwapPlan(plan))
  await confirm(cli, plan, options)
  begin(locked, 'swap')
  remember(locked, record)
  return { plan, ...(await runSwap(cli, project, locked, seen, record, options)) }
}

async function goOn(
  cli: Cli,
  project: Project,
  locked: LockedState,
  seen: Seen,
  record: SwapRecord,
  options: SwapOptions,
): Promise<SwapResult> {
  if (options.back) record.direction = 'back'
  cli.out(
    record.direction === 'back'
      ? `Going back to the old server. ${standingOf({ ...record, direction: 'forward' })}`
      : `Continuing the swap by "${record.strategy}". ${standingOf(record)}`,
  )
  remember(locked, record)
  return { plan: null, ...(await runSwap(cli, project, locked, seen, record, options)) }
}

function remember(locked: LockedState, record: SwapRecord): void {
  if (locked.state.operation !== null) locked.state.operation.swap = record
}

/** The swap that an earlier run of this state file left. */
function unfinished({ operation }: Pick<State, 'operation'>): SwapRecord | undefined {
  if (operation === null || operation.kind === 'up') return undefined
  if (operation.kind === 'down') {
    throw new RefusedError('A "cosmos down" was cut off before.', {
      code: 'unfinished-down',
      hint: 'Finish that first: cosmos down',
    })
  }
  return operation.swap
}

/** Where the state file is lost: a spare server says that a swap by "replace" is under way. */
function foundInCloud({ observed }: Seen, { config }: Project): SwapRecord | undefined {
  const [spare] = observed.spares.servers
  const [ipv4] = observed.spares.primaryIps
  if (spare === undefined && ipv4 === undefined) return undefined
  const old = observed.servers[0]?.id ?? null
  return {
    strategy: 'replace',
    direction: 'forward',
    types: spare === undefined ? [] : [spare.server_type.name],
    image: spare?.image?.name ?? config.server.image,
    old,
    ...(spare === undefined ? {} : { new: spare.id }),
    ...(ipv4 === undefined ? {} : { spareIpv4: ipv4.id }),
    ...(spare !== undefined && ipv4 === undefined ? { parked: true } : {}),
    // Not known once the spare is parked, so the worse is taken: to start the old server's workload again does no harm.
    ...(spare !== undefined && ipv4 === undefined ? { releasing: true } : {}),
    ...(old === null ? { final: true } : {}),
  }
}

/** What this very swap made without learning of it: the answer was lost, or the run was killed before it was written down. */
function takeOverSpares(record: SwapRecord, { observed }: Seen, run: string | undefined): void {
  const mine = ({ labels }: { labels: Record<string, string> }) => labels[swapLabel] === run
  const server = observed.spares.servers.find(mine)
  const ipv4 = observed.spares.primaryIps.find(mine)
  if (server !== undefined) record.new ??= server.id
  if (ipv4 !== undefined) record.spareIpv4 ??= ipv4.id
}

/** The spare carries the id of the swap that made it. */
function adoptId(locked: LockedState, { observed }: Seen): void {
  const made = observed.spares.servers[0] ?? observed.spares.primaryIps[0]
  const id = made?.labels[swapLabel]
  if (locked.state.operation !== null && id !== undefined) locked.state.operation.run = id
}

async function confirm(cli: Cli, plan: SwapPlan, options: SwapOptions): Promise<void> {
  if (plan.strategy === 'recreate') {
    await confirmName(cli, {
      cluster: plan.cluster,
      confirm: options.confirm,
      what: 'Deleting the server before the new one exists',
      question: `Type the name of the cluster to delete its server first (${plan.cluster}):`,
      hint: `If that is what you want: cosmos swap --strategy recreate --yes --confirm ${plan.cluster}`,
    })
    return
  }
  await agree(cli, 'Swap it?', {
    code: 'not-confirmed',
    hint: 'Run it with --yes, or look first: cosmos swap --plan',
  })
}

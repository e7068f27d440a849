import type { Cli } from '../../cli/index.ts'
import { CosmosError, InterruptedError, messageOf } from '../../errors.ts'
import { duration, type Step } from '../../progress/index.ts'
import { historyFile } from '../../state/index.ts'
import type { SwapRecord } from '../../state/state.ts'
import type { LockedState } from '../locked-state.ts'
import { sshLogin } from '../machine.ts'
import type { Project } from '../project.ts'
import { finishContext } from '../up/finish.ts'
import { backSteps, idOfOld } from './back.ts'
import type { SwapContext } from './context.ts'
import { isUnhealthy, outageMs } from './health.ts'
import { placementsOf, type Seen } from './look.ts'
import { rebuildSteps } from './rebuild.ts'
import { recreateSteps } from './recreate.ts'
import { replaceSteps } from './replace.ts'
import { NoSpareError } from './spare.ts'
import { told } from './standing.ts'
import type { Strategy } from './story.ts'

export type RunOptions = { rollback: boolean; force: boolean; deadlineMs: number }

export type SwapOutcome = {
  outcome: 'swapped' | 'went-back'
  strategy: Strategy
  server: number
  address: string
  outageMs: number | null
}

const storySteps: Record<Strategy, () => Step<SwapContext>[]> = {
  replace: replaceSteps,
  rebuild: rebuildSteps,
  recreate: recreateSteps,
}

/** Runs a swap from wherever its record says it stands, to its end or back to the old server. */
export async function runSwap(
  cli: Cli,
  project: Project,
  locked: LockedState,
  seen: Seen,
  record: SwapRecord,
  options: RunOptions,
): Promise<SwapOutcome> {
  const context = await swapContext(cli, project, locked, seen, record, options)
  try {
    if (record.direction === 'back') return await goBack(cli, context)
    return await goForward(cli, context, options)
  } finally {
    context.opened?.close()
  }
}

async function swapContext(
  cli: Cli,
  project: Project,
  locked: LockedState,
  { serverTypes, kept, observed }: Seen,
  record: SwapRecord,
  { deadlineMs, force }: RunOptions,
): Promise<SwapContext> {
  const login = await sshLogin(project.config, cli.env)
  locked.resources.hostKey ??= (await project.vault()).sshHostKey.publicKey
  const location = observed.volumes[0]?.location.name ?? ''
  const types = record.types.length > 0 ? record.types : project.config.server.types
  const context: SwapContext = Object.assign(finishContext(project, locked, login, deadlineMs), {
    project,
    hetzner: await project.hetzner(),
    log: locked,
    record,
    kept,
    placements: record.strategy === 'rebuild' ? [] : placementsOf(project, types, serverTypes, location),
    pending: [],
    force,
  })
  return context
}

async function goForward(cli: Cli, context: SwapContext, options: RunOptions): Promise<SwapOutcome> {
  const { record, log } = context
  try {
    await run(cli, context, storySteps[record.strategy]())
  } catch (error) {
    if (error instanceof NoSpareError && record.mayRebuild)
      return rebuildInstead(cli, context, error, options)
    if (error instanceof NoSpareError) {
      await log.finish()
      throw error
    }
    if (options.rollback && callsForTheOld(error, record)) return rollBack(cli, context, error)
    throw told(error, record)
  }
  return finish(cli, context, 'swapped')
}

async function rebuildInstead(
  cli: Cli,
  context: SwapContext,
  error: NoSpareError,
  options: RunOptions,
): Promise<SwapOutcome> {
  const { record } = context
  cli.note(`${messageOf(error)} Rebuilding it in place instead.`)
  record.strategy = 'rebuild'
  delete record.mayRebuild
  return goForward(cli, context, options)
}

/** The new machine is not well, or the old one does not let go: the old one serves again. Not so when only the API or the way is at fault. */
function callsForTheOld(error: unknown, record: SwapRecord): error is CosmosError {
  if (!(error instanceof CosmosError) || error instanceof InterruptedError) return false
  if (record.final || record.old === null) return false
  return ['not-released', 'unreachable'].includes(error.code) || isUnhealthy(error)
}

async function rollBack(cli: Cli, context: SwapContext, error: CosmosError): Promise<never> {
  const { record } = context
  cli.note(`${error.message} Going back to the old server.`)
  record.direction = 'back'
  await goBack(cli, context)
  throw new CosmosError(`${error.message} The old server is back in service, and nothing else is left.`, {
    code: error.code,
    exitCode: error.exitCode,
    hint: error.hint,
    details: error.details,
    cause: error,
  })
}

async function goBack(cli: Cli, context: SwapContext): Promise<SwapOutcome> {
  idOfOld(context)
  try {
    await run(cli, context, backSteps())
  } catch (error) {
    throw told(error, context.record)
  }
  return finish(cli, context, 'went-back')
}

async function run(cli: Cli, context: SwapContext, steps: Step<SwapContext>[]): Promise<void> {
  const { project, log, cluster } = context
  const command = context.record.direction === 'back' ? 'swap --back' : 'swap'
  await cli.runSteps(command, cluster, steps, context, {
    historyFile: historyFile(project.stateDir),
    run: log.run,
  })
}

async function finish(cli: Cli, context: SwapContext, outcome: SwapOutcome['outcome']): Promise<SwapOutcome> {
  const { log, record, kept } = context
  await log.finish()
  const server = log.resources.server ?? 0
  const outage = outcome === 'swapped' ? (outageMs(record) ?? null) : null
  cli.out(
    outcome === 'swapped'
      ? `${context.cluster} is on a new machine (${server}) at ${kept.address}.`
      : `${context.cluster} is on its old server (${server}) at ${kept.address}.`,
  )
  if (outage !== null)
    cli.out(`Outage: ${duration(outage)}, from the stop of K3s to the node being Ready again.`)
  return { outcome, strategy: record.strategy, server, address: kept.address, outageMs: outage }
}

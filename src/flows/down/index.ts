import { asTyped, type Cli } from '../../cli/index.ts'
import { RefusedError } from '../../errors.ts'
import { historyFile } from '../../state/index.ts'
import { agree } from '../agree.ts'
import { confirmName } from '../confirm-name.ts'
import { begin, type LockedState, withLockedState } from '../locked-state.ts'
import { kindTitles } from '../names.ts'
import { observe } from '../observe.ts'
import { pricesOf } from '../prices.ts'
import type { Project } from '../project.ts'
import { resumable } from '../resumable.ts'
import { downContext } from './context.ts'
import { type DownItem, type DownPlan, planDown } from './plan.ts'
import { renderDown, renderLeft } from './render.ts'
import { downSteps } from './steps.ts'

export type DownOptions = {
  planOnly: boolean
  volume: boolean
  addresses: boolean
  confirm: string | undefined
  force: boolean
}
export type DownResult = {
  cluster: string
  items: DownItem[]
  freedMonthlyNet: number
  keptMonthlyNet: number
}

/** Deletes what can be made again, keeps what cannot unless told, and says what still bills. */
export async function down(cli: Cli, project: Project, options: DownOptions): Promise<DownResult> {
  if (options.planOnly) {
    const plan = await look(cli, project, options)
    cli.out(renderDown(plan))
    return plan
  }
  return withLockedState(cli, project, 'down', locked => downLocked(cli, project, locked, options))
}

async function downLocked(
  cli: Cli,
  project: Project,
  locked: LockedState,
  options: DownOptions,
): Promise<DownResult> {
  const plan = await look(cli, project, options)
  if (!plan.items.some(item => item.fate === 'delete')) {
    cli.out('There is nothing to take down.')
    cli.out(asTyped(renderLeft(plan), cli))
    await locked.finish()
    return plan
  }
  cli.out(`${renderDown(plan)}\n`)
  refuseDuringSwap(plan)
  refuseInUse(plan)
  await confirmLoss(cli, plan, options)
  begin(locked, 'down')
  const context = await downContext(cli, project, locked, plan, options.force)
  const run = cli.runSteps('down', plan.cluster, downSteps(plan), context, {
    historyFile: historyFile(project.stateDir),
    run: locked.run,
  })
  await resumable(run, 'cosmos down', true)
  await locked.finish()
  const left = await look(cli, project, { volume: false, addresses: false })
  cli.out(`\n${asTyped(renderLeft(left), cli)}`)
  return plan
}

async function look(
  cli: Cli,
  project: Project,
  also: { volume: boolean; addresses: boolean },
): Promise<DownPlan> {
  const hetzner = await project.hetzner()
  const { config, stateDir, endpoint } = project
  const { resources } = await project.readState()
  const [observed, prices] = await Promise.all([
    observe(hetzner, config.name, resources, cli.signal, { everything: true }),
    pricesOf(hetzner, { dir: stateDir, endpoint, signal: cli.signal }),
  ])
  return planDown(config.name, observed, prices, also)
}

/** Of two servers one holds the volume: the swap ends with one of them, and lets go in order. */
function refuseDuringSwap(plan: DownPlan): void {
  if (plan.items.filter(item => item.kind === 'server').length < 2) return
  throw new RefusedError('A swap of the server is under way; there are two servers.', {
    code: 'swap-under-way',
    hint: 'Finish it first: cosmos swap, or cosmos swap --back. Then: cosmos down',
  })
}

/** What another server uses is not deleted, and Hetzner would say no only when ours is gone already. */
function refuseInUse({ items, cluster }: DownPlan): void {
  const servers = items.filter(item => item.kind === 'server').map(item => item.id)
  const item = items.find(
    ({ fate, heldBy }) => fate === 'delete' && heldBy !== undefined && !servers.includes(heldBy),
  )
  if (item === undefined) return
  throw new RefusedError(
    `The ${kindTitles[item.kind]} ${item.name} is in use by server ${item.heldBy}, which is not part of "${cluster}".`,
    {
      code: 'in-use-elsewhere',
      hint: `Free it from server ${item.heldBy} first (hcloud server describe ${item.heldBy}), then: cosmos down`,
    },
  )
}

/** Data is deleted only by name: typed, or `--yes` together with `--confirm NAME`. */
async function confirmLoss(cli: Cli, plan: DownPlan, options: DownOptions): Promise<void> {
  const { cluster } = plan
  const losesData = plan.items.some(item => item.kind === 'volume' && item.fate === 'delete')
  const hint = `To delete the data on the volume: cosmos down --volume --yes --confirm ${cluster}`
  if (losesData) {
    return confirmName(cli, {
      cluster,
      confirm: options.confirm,
      what: 'Deleting the volume',
      question: `Type the name of the cluster to delete its data (${cluster}):`,
      hint,
    })
  }
  if (options.confirm !== undefined && options.confirm !== cluster) {
    const message = `--confirm says "${options.confirm}", but the cluster is "${cluster}".`
    throw new RefusedError(message, { code: 'not-confirmed', hint })
  }
  return agree(cli, 'Take it down?', {
    code: 'not-confirmed',
    hint: 'Run it with --yes, or look first: cosmos down --plan',
  })
}

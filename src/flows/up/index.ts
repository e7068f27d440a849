import { asTyped, type Cli } from '../../cli/index.ts'
import type { Action } from '../../hetzner/wire.ts'
import { historyFile } from '../../state/index.ts'
import { agree } from '../agree.ts'
import { begin, type LockedState, withLockedState } from '../locked-state.ts'
import { sshLogin } from '../machine.ts'
import type { Project } from '../project.ts'
import { resumable } from '../resumable.ts'
import { unfinishedRelease } from '../unfinished-release.ts'
import type { UpContext } from './context.ts'
import { type FinishContext, finishContext, finishSteps } from './finish.ts'
import { inputsOf } from './inputs.ts'
import { lookAhead } from './look.ts'
import { hasDifference, hasWork, type Plan } from './plan.ts'
import { renderDone } from './render-done.ts'
import { renderPlan } from './render-plan.ts'
import { applySteps } from './steps.ts'

export type UpResult = {
  changed: boolean
  plan: Plan
  server: { id: number; address: string; sshPort: number } | null
}

export type UpOptions = {
  planOnly: boolean
  /** Milliseconds that each wait may take. */
  deadlineMs: number
}

/**
 * From whatever is there to a running machine: observe, plan, ask, apply, wait until the user's work is done.
 * A second run changes nothing; a run that was cut off is continued.
 */
export async function up(cli: Cli, project: Project, options: UpOptions): Promise<UpResult> {
  if (options.planOnly) {
    const plan = await lookAhead(cli, project, await project.readState())
    cli.out(asTyped(renderPlan(plan), cli))
    return { changed: hasDifference(plan), plan, server: null }
  }
  return withLockedState(cli, project, 'up', locked => upLocked(cli, project, locked, options))
}

async function upLocked(
  cli: Cli,
  project: Project,
  locked: LockedState,
  options: UpOptions,
): Promise<UpResult> {
  const login = await sshLogin(project.config, cli.env)
  const plan = await lookAhead(cli, project, locked.state)
  const work = hasWork(plan)
  if (hasDifference(plan)) cli.out(`${asTyped(renderPlan(plan), cli)}\n`)
  if (work)
    await agree(cli, `Make it so?`, {
      code: 'not-confirmed',
      hint: 'Run it with --yes, or look first: cosmos up --plan',
    })
  // Asked for before anything is made: a wrong passphrase costs nothing, and no question hides behind the live list.
  const creates = plan.items.some(item => item.kind === 'server' && item.action === 'create')
  if (creates || locked.resources.hostKey === undefined) await project.vault()
  const context: UpContext & FinishContext = {
    ...(await applyContext(project, locked, plan)),
    ...finishContext(project, locked, login, options.deadlineMs),
    pending: [],
  }
  const asleep = creates ? undefined : unfinishedRelease(locked.operation)
  if (work) begin(locked, 'up')
  if (work && asleep !== undefined) locked.operation?.journal.push(asleep)
  await resumable(
    cli.runSteps(
      'up',
      project.config.name,
      [...applySteps(plan), ...finishSteps({ wake: asleep !== undefined })],
      context,
      {
        historyFile: historyFile(project.stateDir),
        run: locked.run,
      },
    ),
    'cosmos up',
    work,
  )
  await locked.finish()
  if (!hasDifference(plan)) cli.out(asTyped(renderPlan(plan), cli))
  const server = serverOf(locked, project)
  if (server !== null) cli.out(renderDone(cli, project, server))
  return { changed: work, plan, server }
}

async function applyContext(project: Project, locked: LockedState, plan: Plan): Promise<UpContext> {
  const { config } = project
  return {
    config,
    hetzner: await project.hetzner(),
    log: locked,
    plan,
    location: plan.placements[0]?.location ?? '',
    fresh: new Set(),
    pending: [] as Action[],
    server: undefined,
    vault: project.vault,
    made: async fingerprint => {
      locked.state.made = { inputs: await inputsOf(project), userData: fingerprint }
    },
  }
}

function serverOf(locked: LockedState, project: Project): UpResult['server'] {
  const { server, address } = locked.resources
  return server === undefined || address === undefined
    ? null
    : { id: server, address, sshPort: project.config.ssh.port }
}

import type { Cli } from '../../cli/index.ts'
import { RefusedError, UsageError } from '../../errors.ts'
import { historyFile } from '../../state/index.ts'
import { agree } from '../agree.ts'
import { euro } from '../costs.ts'
import { begin, type LockedState, withLockedState } from '../locked-state.ts'
import { sshLogin } from '../machine.ts'
import { pricesOf } from '../prices.ts'
import type { Project } from '../project.ts'
import { resumable } from '../resumable.ts'
import { lookAround, type Seen, serverOf } from '../swap/look.ts'
import { finishContext } from '../up/finish.ts'
import { planResize, type ResizePlan } from './plan.ts'
import { type ResizeContext, resizeSteps } from './steps.ts'

export type ResizeOptions = {
  planOnly: boolean
  type: string | undefined
  volumeGb: number | undefined
  /** Milliseconds that each wait may take. */
  deadlineMs: number
}

/** Another size for what is there: the volume grows while it is used, the server changes its type and keeps its disk. */
export async function resize(
  cli: Cli,
  project: Project,
  options: ResizeOptions,
): Promise<{ changed: boolean; plan: ResizePlan }> {
  if (options.type === undefined && options.volumeGb === undefined) {
    throw new UsageError('There is nothing to resize.', {
      code: 'nothing-to-resize',
      hint: 'Say what: cosmos resize --volume 40, or cosmos resize --type cx33',
    })
  }
  return withLockedState(cli, project, 'resize', locked => resizeLocked(cli, project, locked, options))
}

async function resizeLocked(
  cli: Cli,
  project: Project,
  locked: LockedState,
  options: ResizeOptions,
): Promise<{ changed: boolean; plan: ResizePlan }> {
  const wasCutOff = locked.state.operation?.kind === 'resize'
  if (locked.state.operation?.kind === 'swap') {
    throw new RefusedError('A swap of the server is under way.', {
      code: 'swap-under-way',
      hint: 'Continue it: cosmos swap. Or go back to the old server: cosmos swap --back',
    })
  }
  const seen = await lookAround(cli, project, locked.state)
  const plan = await planOf(cli, project, seen, options)
  // The type may be changed already, and the server still be off or cordoned.
  if (wasCutOff && options.type !== undefined && plan.server === undefined) {
    plan.server = { id: serverOf(seen, plan.cluster).id, from: options.type, to: options.type }
  }
  const changed = plan.volume !== undefined || plan.server !== undefined
  cli.out(render(plan))
  if (options.planOnly || !changed) return { changed, plan }
  await agree(cli, 'Resize it?', {
    code: 'not-confirmed',
    hint: 'Run it with --yes, or look first: cosmos resize --plan',
  })
  begin(locked, 'resize')
  const login = await sshLogin(project.config, cli.env)
  locked.resources.hostKey ??= (await project.vault()).sshHostKey.publicKey
  const context: ResizeContext = Object.assign(finishContext(project, locked, login, options.deadlineMs), {
    project,
    hetzner: await project.hetzner(),
    log: locked,
    kept: seen.kept,
    pending: [],
    force: false,
    plan,
    server: serverOf(seen, plan.cluster).id,
  })
  const run = cli.runSteps('resize', plan.cluster, resizeSteps(plan), context, {
    historyFile: historyFile(project.stateDir),
    run: locked.run,
  })
  try {
    await resumable(run, `cosmos resize${flagsOf(options)}`, true)
  } finally {
    context.opened?.close()
  }
  await locked.finish()
  cli.out(`Done. So that "cosmos up" agrees, put it into cosmos.yaml: ${settings(plan)}`)
  return { changed, plan }
}

async function planOf(
  cli: Cli,
  project: Project,
  seen: Seen,
  { type, volumeGb }: ResizeOptions,
): Promise<ResizePlan> {
  const { config, stateDir, endpoint } = project
  const prices = await pricesOf(await project.hetzner(), { dir: stateDir, endpoint, signal: cli.signal })
  const [volume] = seen.observed.volumes
  if (volume === undefined) throw new Error('a volume is known here')
  return planResize({
    cluster: config.name,
    server: serverOf(seen, config.name),
    volume,
    serverTypes: seen.serverTypes,
    prices,
    wanted: { type, volumeGb },
  })
}

function flagsOf({ type, volumeGb }: ResizeOptions): string {
  return [type && ` --type ${type}`, volumeGb && ` --volume ${volumeGb}`].filter(Boolean).join('')
}

function settings({ volume, server }: ResizePlan): string {
  return [volume && `volume.sizeGb: ${volume.toGb}`, server && `server.types: [${server.to}]`]
    .filter(Boolean)
    .join(', ')
}

function render({ cluster, volume, server, monthlyDeltaNet: delta }: ResizePlan): string {
  if (volume === undefined && server === undefined) return 'Nothing to do: it has that size already.'
  return [
    `Resizing ${cluster}:`,
    ...(volume
      ? [`  ~ volume  ${volume.fromGb} GB → ${volume.toGb} GB, while it is in use; it never shrinks again`]
      : []),
    ...(server
      ? [`  ~ server  ${server.from} → ${server.to}, with an outage of some minutes; the disk keeps its size`]
      : []),
    delta === undefined
      ? 'The price is not known.'
      : `Costs ${euro(Math.abs(delta))} ${delta < 0 ? 'less' : 'more'} per month without VAT.`,
  ].join('\n')
}

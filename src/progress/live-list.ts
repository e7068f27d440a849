import {
  DefaultRenderer,
  Listr,
  ListrLogger,
  type ListrTask,
  type ListrTaskWrapper,
  ProcessOutput,
} from 'listr2'
import type { ProgressEvent, StepOutline } from './events.ts'
import { type Paint, paintFor } from './paint.ts'
import { advance, lineOf, type StepView } from './step-view.ts'

/** The list on the screen, told of events; `done` resolves when the last frame stands. */
export type LiveList = { show(event: ProgressEvent): void; done(): Promise<void> }

/** The renderer looks at stdout before it agrees to draw; we draw on a stream that we know is a terminal. */
class Renderer extends DefaultRenderer {
  static override nonTTY = true
}

type Shown = {
  view: StepView
  task: ListrTaskWrapper<unknown, typeof DefaultRenderer, typeof DefaultRenderer> | undefined
  /** Resolves when the step has begun or ended, so that what is below it can be drawn. */
  begun: Moment
  /** Resolves when it ended well; one that did not is settled by the end of the run, so that its siblings stay visible. */
  settled: Moment
}

/**
 * Mirrors a run as listr2 tasks. The run itself does not know: a task only waits for the events of its step,
 * so listr2 decides nothing but how it looks. It gets no signal handlers, because it would exit with 127.
 */
export function startLiveList(
  steps: readonly StepOutline[],
  stream: NodeJS.WriteStream,
  logLines: number,
): LiveList {
  const paint = paintFor(stream)
  const shown = new Map<string, Shown>()
  for (const step of flat(steps)) {
    shown.set(step.id, { view: { title: step.title }, task: undefined, begun: moment(), settled: moment() })
  }
  const list = new Listr(mirror(steps), {
    renderer: Renderer,
    rendererOptions: rendererOptions(stream, paint),
    registerSignalListeners: false,
  })
  // A failed step makes the list fail; the run has the error, and tells it.
  const drawn = list.run().then(
    () => undefined,
    () => undefined,
  )
  const clock = setInterval(() => {
    for (const each of shown.values()) if (each.view.end === undefined) retitle(each)
  }, 250).unref()

  return {
    show(event) {
      if ('step' in event) showStep(event)
      else if (event.type === 'warning') output(event.message)
      else if (event.type === 'run-end') runEnded()
    },
    async done() {
      clearInterval(clock)
      await drawn
    },
  }

  function mirror(outlines: readonly StepOutline[]): ListrTask<unknown, typeof Renderer>[] {
    return outlines.map(step => ({
      title: step.title,
      rendererOptions: { outputBar: logLines },
      task: async (_, task) => {
        const each = shown.get(step.id)
        if (each === undefined) return undefined
        each.task = task
        retitle(each)
        await each.begun.came
        const children = step.children ?? []
        if (children.length > 0 && each.view.startedAt !== undefined) {
          const last = { task: () => finish(each, task) }
          return task.newListr([...mirror(children), last], { concurrent: step.parallel ?? false })
        }
        return finish(each, task)
      },
    }))
  }

  async function finish(each: Shown, task: NonNullable<Shown['task']>): Promise<void> {
    await each.settled.came
    const outcome = each.view.end?.outcome
    if (outcome === 'skipped' || outcome === undefined) task.skip()
    else if (outcome !== 'done') throw new Error(outcome)
  }

  /** Nothing may wait any more, also not a step that the run never came to. */
  function runEnded(): void {
    for (const each of shown.values()) {
      each.begun.come()
      each.settled.come()
    }
  }

  function showStep(event: Extract<ProgressEvent, { step: string }>): void {
    const each = shown.get(event.step)
    if (each === undefined) return
    each.view = advance(each.view, event)
    retitle(each)
    if (event.type === 'step-log' && each.task !== undefined) each.task.output = event.line
    each.begun.come()
    const outcome = each.view.end?.outcome
    if (outcome === 'done' || outcome === 'skipped') each.settled.come()
  }

  function retitle({ task, view }: Shown): void {
    const line = lineOf(view, Date.now(), paint.dim)
    if (task !== undefined && task.title !== line) task.title = line
  }

  /** A warning belongs to no step: it stands below each one that runs. */
  function output(message: string): void {
    for (const { task, view } of shown.values()) {
      if (task !== undefined && view.startedAt !== undefined && view.end === undefined) task.output = message
    }
  }
}

function rendererOptions(stream: NodeJS.WriteStream, paint: Paint) {
  const logger = new ListrLogger({
    processOutput: new ProcessOutput(stream, stream, { leaveEmptyLine: false }),
  })
  return {
    logger,
    collapseSubtasks: false,
    showErrorMessage: false,
    showSkipMessage: false,
    formatOutput: 'truncate' as const,
    icon: {
      WAITING: '·',
      COMPLETED_WITH_SISTER_TASKS_FAILED: '·',
      SKIPPED_WITH_COLLAPSE: '-',
      FAILED_WITH_SUBTASKS: '✖',
    },
    color: {
      PENDING: paint.cyan,
      COMPLETED: paint.green,
      FAILED: paint.red,
      FAILED_WITH_SUBTASKS: paint.red,
      WAITING: paint.dim,
      COMPLETED_WITH_SISTER_TASKS_FAILED: paint.dim,
      SKIPPED_WITH_COLLAPSE: paint.dim,
    },
  }
}

function flat(steps: readonly StepOutline[]): StepOutline[] {
  return steps.flatMap(step => [step, ...flat(step.children ?? [])])
}

type Moment = { came: Promise<void>; come(): void }

function moment(): Moment {
  const { promise: came, resolve: come } = Promise.withResolvers<void>()
  return { came, come }
}

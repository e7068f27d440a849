import { randomUUID } from 'node:crypto'
import { InterruptedError, messageOf, throwIfAborted } from '../errors.ts'
import type { ProgressEvent, ProgressSink, RunOutcome, StepOutcome } from './events.ts'
import { outline } from './outline.ts'
import { runStep } from './run-step.ts'
import type { Step } from './step.ts'

export type RunOptions<Context> = {
  /** Name of the command, for the history: `up`. */
  command: string
  cluster: string | null
  steps: readonly Step<Context>[]
  context: Context
  /** Ctrl-C. The step that runs is asked to stop, the steps after it do not start. */
  signal: AbortSignal
  sinks: readonly ProgressSink[]
  /** Id of the run, also in the state file; a random one without. */
  run?: string
  /** Milliseconds since the epoch. */
  now?: () => number
}

export type RunSummary = {
  run: string
  durationMs: number
  /** How each step that was reached ended, in the order of their ends. */
  steps: { id: string; outcome: StepOutcome; durationMs: number; message?: string }[]
}

/**
 * Runs the steps one after the other and tells every sink. The first error ends the run and is thrown again as it was,
 * after all sinks have written; an abort of the signal ends it with an InterruptedError (exit code 130).
 */
export async function runSteps<Context>(options: RunOptions<Context>): Promise<RunSummary> {
  const { command, cluster, steps, context, signal, sinks } = options
  const now = options.now ?? Date.now
  const run = options.run ?? randomUUID()
  const startedAt = now()
  const ended: RunSummary['steps'] = []
  const emit = (event: ProgressEvent) => {
    if (event.type === 'step-end') ended.push(endOf(event))
    for (const sink of sinks) sink.handle(event)
  }
  const at = () => new Date(now()).toISOString()

  emit({ type: 'run-start', at: at(), run, command, cluster, steps: outline(steps) })
  let failure: { error: unknown } | undefined
  try {
    for (const step of steps) {
      throwIfAborted(signal)
      await runStep(step, { context, signal, emit, now })
    }
  } catch (error) {
    failure = { error }
  }
  const outcome = outcomeOf(failure)
  const end = { type: 'run-end', at: at(), run, outcome, durationMs: now() - startedAt } as const
  emit(failure === undefined ? end : { ...end, message: messageOf(failure.error) })
  for (const sink of sinks) await sink.close()
  if (failure !== undefined) throw failure.error
  return { run, durationMs: end.durationMs, steps: ended }
}

function outcomeOf(failure: { error: unknown } | undefined): RunOutcome {
  if (failure === undefined) return 'ok'
  return failure.error instanceof InterruptedError ? 'interrupted' : 'failed'
}

function endOf(event: Extract<ProgressEvent, { type: 'step-end' }>): RunSummary['steps'][number] {
  const { step: id, outcome, durationMs, message } = event
  return { id, outcome, durationMs, ...(message === undefined ? {} : { message }) }
}

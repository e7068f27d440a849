import { InterruptedError, messageOf, throwIfAborted } from '../errors.ts'
import type { ProgressEvent, StepOutcome } from './events.ts'
import { printable } from './printable.ts'
import type { Step } from './step.ts'

export type StepScope<Context> = {
  context: Context
  signal: AbortSignal
  emit: (event: ProgressEvent) => void
  now: () => number
}

/** Runs one step and what is below it. Emits its start and its end whatever happens; throws what the step threw. */
export async function runStep<Context>(step: Step<Context>, scope: StepScope<Context>): Promise<void> {
  const { emit, now, signal } = scope
  const at = () => new Date(now()).toISOString()
  const startedAt = now()
  const end = (outcome: StepOutcome, message?: string) =>
    emit({
      type: 'step-end',
      at: at(),
      step: step.id,
      title: step.title,
      outcome,
      durationMs: now() - startedAt,
      ...(message === undefined || message === '' ? {} : { message }),
    })

  try {
    const reason = step.skip?.(scope.context)
    if (reason !== undefined) return end('skipped', reason)
    emit({ type: 'step-start', at: at(), step: step.id, title: step.title })
    let said: string | undefined
    const message = await step.run?.(scope.context, {
      signal,
      progress: text => {
        const message = printable(text)
        if (message === said) return
        said = message
        emit({ type: 'step-progress', at: at(), step: step.id, message })
      },
      log: text => {
        for (const line of text.split('\n')) {
          emit({ type: 'step-log', at: at(), step: step.id, line: printable(line) })
        }
      },
    })
    await runChildren(step, scope)
    end('done', message ?? undefined)
  } catch (error) {
    const failure = asInterruption(error, signal)
    end(failure instanceof InterruptedError ? 'interrupted' : 'failed', messageOf(failure))
    throw failure
  }
}

async function runChildren<Context>(step: Step<Context>, scope: StepScope<Context>): Promise<void> {
  const children = step.children ?? []
  if (!step.parallel) {
    for (const child of children) {
      throwIfAborted(scope.signal)
      await runStep(child, scope)
    }
    return
  }
  throwIfAborted(scope.signal)
  const siblings = new AbortController()
  const signal = AbortSignal.any([scope.signal, siblings.signal])
  const failures: unknown[] = []
  await Promise.all(
    children.map(child =>
      runStep(child, { ...scope, signal }).catch(error => {
        failures.push(error)
        siblings.abort(new InterruptedError(`Stopped, because '${child.title}' failed.`))
      }),
    ),
  )
  if (failures.length > 0) throw failures[0]
}

/** A wait that was cut off throws whatever its library throws on abort; what counts is why the signal was aborted. */
function asInterruption(error: unknown, signal: AbortSignal): unknown {
  if (!signal.aborted || error instanceof InterruptedError || !isAbort(error, signal)) return error
  return signal.reason instanceof Error ? signal.reason : new InterruptedError(undefined, { cause: error })
}

function isAbort(error: unknown, signal: AbortSignal): boolean {
  if (error === signal.reason) return true
  return (
    error instanceof Error && (error.name === 'AbortError' || ('code' in error && error.code === 'ABORT_ERR'))
  )
}

import { duration } from './duration.ts'
import type { ProgressEvent, StepOutcome } from './events.ts'

/** What a terminal knows about one step. */
export type StepView = {
  title: string
  startedAt?: number
  sentence?: string
  end?: { outcome: StepOutcome; durationMs: number; message?: string }
}

/** The view after an event of this step. */
export function advance(view: StepView, event: ProgressEvent): StepView {
  switch (event.type) {
    case 'step-start':
      return { ...view, startedAt: Date.parse(event.at) }
    case 'step-progress':
      return { ...view, sentence: event.message }
    case 'step-end': {
      const { outcome, durationMs, message } = event
      return { ...view, end: { outcome, durationMs, ...(message === undefined ? {} : { message }) } }
    }
    default:
      return view
  }
}

/**
 * The line of a step at a moment (milliseconds since the epoch): `Wait for first boot  12s  3 of 5 done`.
 * `dim` styles what stands after the title. Elapsed time shows from the first second on.
 */
export function lineOf(view: StepView, now: number, dim: (text: string) => string): string {
  const after = view.end === undefined ? running(view, now) : ended(view.end)
  const words = after.filter(word => word !== undefined && word !== '')
  return words.length === 0 ? view.title : `${view.title}  ${dim(words.join('  '))}`
}

function running({ startedAt, sentence }: StepView, now: number): (string | undefined)[] {
  if (startedAt === undefined) return []
  const seconds = Math.floor((now - startedAt) / 1000)
  return [seconds < 1 ? undefined : duration(seconds * 1000).replace('.0s', 's'), sentence]
}

/** A failed step shows its time only: the message comes in full below the list. */
function ended({ outcome, durationMs, message }: NonNullable<StepView['end']>): (string | undefined)[] {
  if (outcome === 'skipped') return [message]
  if (outcome === 'done') return [durationMs < 100 ? undefined : duration(durationMs), message]
  return [`${outcome} after ${duration(durationMs)}`]
}

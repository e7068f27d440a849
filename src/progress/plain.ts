import { duration } from './duration.ts'
import type { ProgressEvent, ProgressSink, StepOutcome } from './events.ts'

const marks: Record<StepOutcome, string> = {
  done: 'ok',
  skipped: 'skip',
  failed: 'FAIL',
  interrupted: 'STOP',
}

/**
 * Timestamped lines for pipes and CI logs: `23:27:11 ok    Create firewall (1.2s)`. No colour, no cursor movement.
 * The time is UTC.
 */
export function plainSink(write: (text: string) => void): ProgressSink {
  const titles = new Map<string, string>()
  return {
    handle(event) {
      if (event.type === 'step-start') titles.set(event.step, event.title)
      const text = lineOf(event, titles)
      if (text !== undefined) write(`${event.at.slice(11, 19)} ${text}\n`)
    },
    close: () => undefined,
  }
}

function lineOf(event: ProgressEvent, titles: ReadonlyMap<string, string>): string | undefined {
  switch (event.type) {
    case 'step-start':
      return line('start', event.title)
    case 'step-progress':
      return line('...', `${titles.get(event.step) ?? event.step}: ${event.message}`)
    case 'step-log':
      return line('|', event.line)
    case 'step-end':
      return line(marks[event.outcome], withMessage(event.title, event.message, event))
    case 'warning':
      return line('warn', event.message)
    case 'run-end':
      return event.outcome === 'ok' ? undefined : line(event.outcome, `after ${duration(event.durationMs)}`)
    case 'run-start':
      return undefined
  }
}

function line(mark: string, text: string): string {
  return `${mark.padEnd(5)} ${text}`
}

function withMessage(
  title: string,
  message: string | undefined,
  event: { outcome: StepOutcome; durationMs: number },
) {
  const took = event.outcome === 'skipped' ? '' : ` (${duration(event.durationMs)})`
  return message === undefined ? `${title}${took}` : `${title}: ${message}${took}`
}

import type { ProgressEvent, ProgressSink } from '../../src/progress/index.ts'

/** A sink that keeps what it was told. */
export function recorder(): ProgressSink & { events: ProgressEvent[]; closed: number; short(): string[] } {
  const events: ProgressEvent[] = []
  return {
    events,
    closed: 0,
    handle(event) {
      events.push(event)
    },
    close() {
      this.closed += 1
    },
    /** `start a`, `done a`, `log a text` … */
    short() {
      return events.map(event => {
        if (event.type === 'step-end') return `${event.outcome} ${event.step}`
        if (event.type === 'run-end') return `run ${event.outcome}`
        if (event.type === 'step-log') return `log ${event.step} ${event.line}`
        if (event.type === 'step-progress') return `progress ${event.step} ${event.message}`
        return 'step' in event ? `start ${event.step}` : event.type
      })
    },
  }
}

import type { ProgressSink } from './events.ts'

/** One JSON object per event and line. */
export function jsonSink(write: (text: string) => void): ProgressSink {
  return {
    handle: event => write(`${JSON.stringify(event)}\n`),
    close: () => undefined,
  }
}

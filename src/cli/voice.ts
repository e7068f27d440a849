import type { ProgressSink } from '../progress/index.ts'

/** What a command says beside its steps. */
export type Voice = {
  out(text?: string): void
  note(text: string): void
  /** From now on the screen belongs to the sinks of a run: notes become its events, results wait for its end. */
  runBegins(sinks: readonly ProgressSink[]): void
  runEnds(): void
}

/** Results go to stdout, unless `silent`; notes to stderr. */
export function createVoice(
  silent: boolean,
  stdout: NodeJS.WritableStream,
  stderr: NodeJS.WritableStream,
): Voice {
  const waiting: string[] = []
  let running: readonly ProgressSink[] = []
  return {
    out(text = '') {
      if (silent) return
      if (running.length > 0) waiting.push(text)
      else stdout.write(`${text}\n`)
    },
    note(text) {
      if (running.length === 0) stderr.write(`${text}\n`)
      for (const sink of running)
        sink.handle({ type: 'warning', at: new Date().toISOString(), message: text })
    },
    runBegins(sinks) {
      running = sinks
    },
    runEnds() {
      running = []
      for (const text of waiting.splice(0)) stdout.write(`${text}\n`)
    },
  }
}

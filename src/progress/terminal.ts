import type { ProgressEvent, ProgressSink } from './events.ts'
import type { LiveList } from './live-list.ts'

/**
 * A live task list on a terminal: every step with its state, elapsed time and what it does right now; the newest log
 * lines below the step that runs; warnings stay below the list. Writes to `stream` only and hides the cursor meanwhile.
 * The list is drawn by a library that is loaded when the run starts; events wait for it.
 */
export function terminalSink(stream: NodeJS.WriteStream, options: { logLines?: number } = {}): ProgressSink {
  const waiting: ProgressEvent[] = []
  const warnings: string[] = []
  let list: LiveList | undefined
  let loading: Promise<void> | undefined

  return {
    handle(event) {
      if (event.type === 'warning') warnings.push(event.message)
      if (event.type === 'run-start') loading = load(event)
      else if (list === undefined) waiting.push(event)
      else list.show(event)
    },
    async close() {
      await loading
      await list?.done()
      for (const message of warnings) stream.write(`! ${message}\n`)
    },
  }

  async function load(start: Extract<ProgressEvent, { type: 'run-start' }>): Promise<void> {
    const { startLiveList } = await import('./live-list.ts')
    list = startLiveList(start.steps, stream, options.logLines ?? 4)
    for (const event of waiting.splice(0)) list.show(event)
  }
}

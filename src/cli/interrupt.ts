import { InterruptedError } from '../errors.ts'

export type Interruption = { signal: AbortSignal; release(): void }

/**
 * Turns the first SIGINT or SIGTERM into an abort, so that the step that runs can stop cleanly.
 * The second one ends the process with 130: `bin/` counts them, since nothing else may exit.
 */
export function onInterrupt(note: (text: string) => void): Interruption {
  const controller = new AbortController()
  const stop = (name: NodeJS.Signals) => {
    if (controller.signal.aborted) return
    note('Stopping after this step. Once more to stop at once.')
    controller.abort(new InterruptedError(`Interrupted by ${name}.`))
  }
  process.on('SIGINT', stop).on('SIGTERM', stop)
  return {
    signal: controller.signal,
    release: () => {
      process.off('SIGINT', stop).off('SIGTERM', stop)
    },
  }
}

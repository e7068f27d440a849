import { appendFileSync, mkdirSync } from 'node:fs'
import { dirname } from 'node:path'
import { messageOf } from '../errors.ts'
import { withoutSecrets } from '../secrets.ts'
import type { ProgressSink } from './events.ts'

/**
 * Appends every event to a file, one JSON object per line, mode 0600; progress sentences are left out, since only the
 * newest counts, and so is what looks like a secret. Written at once, so that a killed run leaves its trace. A file that cannot be written
 * never stops a run: `warn` is told once and nothing more is tried.
 */
export function historySink(path: string, warn: (message: string) => void): ProgressSink {
  let broken = false
  const append = (line: string) => {
    if (broken) return
    try {
      appendFileSync(path, line, { mode: 0o600 })
    } catch (error) {
      broken = true
      warn(`This run is not kept in the history: ${messageOf(error)}`)
    }
  }
  return {
    handle(event) {
      if (event.type === 'step-progress') return
      if (event.type === 'run-start') makeFolder(path)
      append(
        `${JSON.stringify(event, (_, value) => (typeof value === 'string' ? withoutSecrets(value) : value))}\n`,
      )
    },
    close: () => undefined,
  }

  function makeFolder(file: string) {
    try {
      mkdirSync(dirname(file), { recursive: true })
    } catch (error) {
      broken = true
      warn(`This run is not kept in the history: ${messageOf(error)}`)
    }
  }
}

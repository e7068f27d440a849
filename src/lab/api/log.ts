import { createWriteStream, renameSync, statSync } from 'node:fs'
import { join } from 'node:path'

export type LogEntry = { at: string } & Record<string, unknown>
export type Log = {
  note(entry: Record<string, unknown>): void
  /** The newest entries, oldest first. */
  recent(count: number): LogEntry[]
  close(): Promise<void>
}

const keptInMemory = 2_000
const foldAtBytes = 20 * 1024 * 1024

/** The lab's log: requests, actions, faults; one JSON object a line in `log.jsonl`. Never a body: user data holds secrets. */
export function openLog(dir: string, now: () => number): Log {
  const path = join(dir, 'log.jsonl')
  if (sizeOf(path) > foldAtBytes) renameSync(path, `${path}.old`)
  const stream = createWriteStream(path, { flags: 'a', mode: 0o600 })
  const entries: LogEntry[] = []
  return {
    note(entry) {
      const line = { at: new Date(now()).toISOString(), ...entry }
      entries.push(line)
      if (entries.length > keptInMemory * 2) entries.splice(0, entries.length - keptInMemory)
      stream.write(`${JSON.stringify(line)}\n`)
    },
    recent: count => entries.slice(-Math.min(count, keptInMemory)),
    close: () => new Promise(resolve => stream.end(resolve)),
  }
}

function sizeOf(path: string): number {
  return statSync(path, { throwIfNoEntry: false })?.size ?? 0
}

import { appendFile, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProgressEvent } from '../progress/events.ts'
import { makeFolder } from './folder.ts'
import { withoutSecrets } from './secrets.ts'

/** The file of the history. @param dir the folder `.cosmos` */
export function historyFile(dir: string): string {
  return join(dir, 'history.jsonl')
}

/** Adds one event, as one line in one write, so that runs side by side do not mix. What looks like a secret is taken out. */
export async function appendHistory(dir: string, event: ProgressEvent): Promise<void> {
  await makeFolder(dir)
  const line = JSON.stringify(event, (_, value) =>
    typeof value === 'string' ? withoutSecrets(value) : value,
  )
  await appendFile(historyFile(dir), `${line}\n`, { mode: 0o600 })
}

/** All events, oldest first. A line cut off by a killed run is left out. @param dir the folder `.cosmos` */
export async function readHistory(dir: string): Promise<ProgressEvent[]> {
  let text: string
  try {
    text = await readFile(historyFile(dir), 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
  return text.split('\n').flatMap(parseLine)
}

function parseLine(line: string): ProgressEvent[] {
  try {
    return line === '' ? [] : [JSON.parse(line) as ProgressEvent]
  } catch {
    return []
  }
}

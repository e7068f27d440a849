import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { ProgressEvent } from '../progress/events.ts'

/** The file of the history, written by `historySink`. @param dir the folder `.cosmos` */
export function historyFile(dir: string): string {
  return join(dir, 'history.jsonl')
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

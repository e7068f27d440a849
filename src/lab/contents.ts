import { join } from 'node:path'

/** What a lab can throw away or copy: everything but its tokens and its lock. */
export function contentsOf(dir: string): string[] {
  return ['cloud.json', 'cloud.journal', 'machines', 'volumes', 'snapshots', 'log.jsonl'].map(name =>
    join(dir, name),
  )
}

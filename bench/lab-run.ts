import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

/** A line of the lab's log: a request, or the beginning or end of an action. Times are the lab's. */
export type Entry = {
  at: string
  method?: string
  path?: string
  action?: number
  command?: string
  status?: string | number
  /** Lab milliseconds that the action will take. */
  for?: number
}

const program = join(import.meta.dirname, '..', 'bin', 'run.js')

/** The program in a folder of its own, to be run against the lab there. */
export class LabRun {
  readonly dir = mkdtempSync(join(tmpdir(), 'cosmos-bench-'))

  cosmos(...args: string[]): string {
    return execFileSync(process.execPath, [program, ...args], {
      cwd: this.dir,
      encoding: 'utf8',
      stdio: ['ignore', 'pipe', 'ignore'],
    })
  }

  entries(): Entry[] {
    const text = readFileSync(join(this.dir, '.cosmos', 'lab', 'log.jsonl'), 'utf8')
    return text
      .split('\n')
      .filter(Boolean)
      .map(line => JSON.parse(line))
  }

  close(): void {
    this.cosmos('lab', 'stop')
    rmSync(this.dir, { recursive: true, force: true })
  }
}

/** Calls that are not polls of actions. */
export function calls(log: readonly Entry[]): number {
  return log.filter(
    entry => entry.method !== undefined && !(entry.method === 'GET' && entry.path?.startsWith('/v1/actions')),
  ).length
}

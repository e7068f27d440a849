import { linkSync, readFileSync, renameSync, rmSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { CosmosError } from '../errors.ts'
import { isRunning, startOf } from './process-life.ts'

type Holder = { pid: number; started: string }

/**
 * Keeps a second lab out of a folder: `lab.lock` names the process that serves it. A holder that is gone, or whose pid belongs
 * to another process now, is put aside.
 * @returns gives the folder free.
 * @throws CosmosError `lab-running`
 */
export function lockFolder(dir: string): () => void {
  const path = join(dir, 'lab.lock')
  const mine = JSON.stringify({ pid: process.pid, started: startOf(process.pid) } satisfies Holder)
  const draft = `${path}.${process.pid}`
  for (let attempt = 0; attempt < 20; attempt++) {
    if (placed(path, draft, mine)) return () => release(path, mine)
    const text = readIfThere(path)
    if (text === undefined) continue
    const holder = parse(text)
    if (holder && isAlive(holder)) throw running(dir, holder.pid)
    putAside(path, draft, text)
  }
  throw running(dir, parse(readIfThere(path) ?? '')?.pid ?? 0)
}

/** A file that appears with its content: link fails when the name is taken. */
function placed(path: string, draft: string, text: string): boolean {
  writeFileSync(draft, text, { mode: 0o600 })
  try {
    linkSync(draft, path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'EEXIST') return false
    throw error
  } finally {
    rmSync(draft, { force: true })
  }
}

/** Takes a dead holder's lock away; when somebody was faster and a new one lies there, it is put back. */
function putAside(path: string, draft: string, dead: string): void {
  try {
    renameSync(path, draft)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return
    throw error
  }
  if (readIfThere(draft) !== dead) linkSync(draft, path)
  rmSync(draft, { force: true })
}

function release(path: string, mine: string): void {
  if (readIfThere(path) === mine) rmSync(path, { force: true })
}

/** Whether the process that holds it still runs. */
export function isAlive({ pid, started }: Holder): boolean {
  return isRunning(pid) && startOf(pid) === started
}

function parse(text: string): Holder | undefined {
  try {
    return JSON.parse(text) as Holder
  } catch (error) {
    if (error instanceof SyntaxError) return undefined
    throw error
  }
}

function readIfThere(path: string): string | undefined {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function running(dir: string, pid: number): CosmosError {
  return new CosmosError(`A lab is already running on ${dir} (process ${pid}).`, {
    code: 'lab-running',
    hint: 'See it: cosmos lab status',
  })
}

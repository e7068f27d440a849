import { randomBytes } from 'node:crypto'
import { mkdir, readdir, readFile, rm } from 'node:fs/promises'
import { join } from 'node:path'
import { setTimeout } from 'node:timers/promises'
import { RefusedError, throwIfAborted } from '../errors.ts'
import { writeAtomically } from '../files/index.ts'
import { makeFolder } from './folder.ts'
import { type Holder, holderOf, isAlive } from './holder.ts'
import { isMap } from './shape.ts'

export type Lock = {
  /** Gives the lock back; more than once is fine. */
  release(): Promise<void>
}

export type LockOptions = { command: string; signal?: AbortSignal; now?: () => Date }

/** Two runs that started at the same moment step back and try again this often before one gives up. */
const attempts = 10

/**
 * Makes this process the only one that changes the project.
 *
 * Every contender puts a file of its own into `.cosmos/lock/`, complete from its first moment on, and only then looks around.
 * Of two, the later one always sees the earlier, so never both go on; and since nobody ever replaces or removes
 * the file of a live process, a holder that was killed at any moment is simply cleared away.
 * @param dir the folder `.cosmos`
 * @throws RefusedError `locked`, which says who holds it and since when
 */
export async function acquireLock(dir: string, options: LockOptions): Promise<Lock> {
  const { command, signal, now = () => new Date() } = options
  const folder = join(dir, 'lock')
  await makeFolder(dir)
  await mkdir(folder, { recursive: true, mode: 0o700 })
  const me = await holderOf(command, now())
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal)
    const path = join(folder, `${randomBytes(8).toString('hex')}.json`)
    await writeAtomically(path, `${JSON.stringify(me)}\n`, { mode: 0o600 })
    const other = await otherHolder(folder, path)
    if (other === undefined) return { release: () => rm(path, { force: true }) }
    await rm(path, { force: true })
    if (attempt === attempts || !sameMoment(me, other)) throw locked(other, folder)
    await setTimeout(10 + Math.random() * 40 * attempt, undefined, signal ? { signal } : {}).catch(() =>
      throwIfAborted(signal),
    )
  }
}

/** Who holds the lock now, if anybody: to show, not to rely on. @param dir the folder `.cosmos` */
export function lockHolder(dir: string): Promise<Holder | undefined> {
  return otherHolder(join(dir, 'lock'), '')
}

async function otherHolder(folder: string, own: string): Promise<Holder | undefined> {
  let alive: Holder | undefined
  for (const name of await namesIn(folder)) {
    const path = join(folder, name)
    if (path === own || !name.endsWith('.json')) continue
    const holder = await readHolder(path)
    if (holder === undefined) continue
    if (await isAlive(holder)) alive ??= holder
    else await rm(path, { force: true })
  }
  return alive
}

async function namesIn(folder: string): Promise<string[]> {
  try {
    return (await readdir(folder)).sort()
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return []
    throw error
  }
}

/** Undefined when it was given back a moment ago. A file that says nothing (a damaged disk) holds nothing. */
async function readHolder(path: string): Promise<Holder | undefined> {
  try {
    const value: unknown = JSON.parse(await readFile(path, 'utf8'))
    return isMap(value) && typeof value.pid === 'number' ? (value as Holder) : undefined
  } catch (error) {
    if (error instanceof SyntaxError || (error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

/** Whether the other may be a contender that steps back by itself, too. */
function sameMoment(me: Holder, other: Holder): boolean {
  return Math.abs(Date.parse(other.since) - Date.parse(me.since)) < 2000
}

function locked(holder: Holder, folder: string): RefusedError {
  const where = `pid ${holder.pid} on ${holder.host}`
  return new RefusedError(
    `Another run is changing this project: cosmos ${holder.command}, ${where}, since ${holder.since}.`,
    {
      code: 'locked',
      hint: `Wait for it, or end it there with Ctrl-C. Only if that machine is gone for good: rm -r ${folder}`,
    },
  )
}

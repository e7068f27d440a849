import { cp, mkdir, readdir, rename, rm, stat } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CosmosError, UsageError } from '../errors.ts'
import { contentsOf } from './contents.ts'
import { runningInfo, startLab, stopLab } from './control.ts'

/**
 * Keeps a copy of a lab under a name: cloud, machines and volumes as they are now. A running lab stops for it and goes on
 * afterwards, as a computer that sleeps for a moment.
 * @throws UsageError `lab-snapshot-name`; CosmosError `lab-snapshot-exists`
 */
export async function snapshotLab(dir: string, name: string): Promise<void> {
  const target = folderOf(dir, name)
  if (await isThere(target))
    throw new CosmosError(`There is already a snapshot "${name}" of this lab.`, {
      code: 'lab-snapshot-exists',
      hint: 'Choose another name, or see them: cosmos lab restore',
    })
  await whileStopped(dir, async () => {
    const draft = `${target}.new`
    await rm(draft, { recursive: true, force: true })
    await mkdir(draft, { recursive: true, mode: 0o700 })
    for (const path of contentsOf(dir))
      if (await isThere(path)) await cp(path, join(draft, basename(path)), { recursive: true })
    await rename(draft, target)
  })
}

/**
 * Puts a lab back to a snapshot; what came after is gone. Tokens and address stay.
 * @throws UsageError `lab-snapshot-name`; CosmosError `lab-snapshot-unknown`
 */
export async function restoreLab(dir: string, name: string): Promise<void> {
  const source = folderOf(dir, name)
  if (!(await isThere(source))) throw await unknown(dir, name)
  await whileStopped(dir, async () => {
    for (const path of contentsOf(dir)) {
      await rm(path, { recursive: true, force: true })
      const kept = join(source, basename(path))
      if (await isThere(kept)) await cp(kept, path, { recursive: true })
    }
  })
}

/** Names of the snapshots of a lab. */
export async function listSnapshots(dir: string): Promise<string[]> {
  const folder = join(dir, 'saved')
  const names = (await isThere(folder)) ? await readdir(folder) : []
  return names.filter(name => !name.endsWith('.new')).sort()
}

async function whileStopped(dir: string, work: () => Promise<void>): Promise<void> {
  const info = await runningInfo(dir)
  if (info) await stopLab(dir)
  try {
    await work()
  } finally {
    if (info) await startLab({ dir, speed: info.speed })
  }
}

function folderOf(dir: string, name: string): string {
  if (!/^[A-Za-z0-9][A-Za-z0-9_-]{0,62}$/.test(name))
    throw new UsageError(`"${name}" is no name for a snapshot: letters, digits, - and _, at most 63.`, {
      code: 'lab-snapshot-name',
      hint: 'For example: cosmos lab snapshot before-swap',
    })
  return join(dir, 'saved', name)
}

async function unknown(dir: string, name: string): Promise<CosmosError> {
  const names = await listSnapshots(dir)
  return new CosmosError(`There is no snapshot "${name}" of this lab.`, {
    code: 'lab-snapshot-unknown',
    hint: names.length === 0 ? 'Make one: cosmos lab snapshot NAME' : `There are: ${names.join(', ')}`,
  })
}

async function isThere(path: string): Promise<boolean> {
  try {
    await stat(path)
    return true
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return false
    throw error
  }
}

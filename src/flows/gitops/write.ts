import { mkdir, rm, rmdir } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import { writeAtomically } from '../../files/index.ts'
import type { FileChange, WantedFile } from './plan.ts'
import { checksum, type Written, writtenFile, writtenText } from './written.ts'

/**
 * Makes the changes and then notes what cosmos wrote. Cut off in between, the next run finds the files as wanted and only
 * completes the note.
 * @param changes only those to make; an `edited` one among them is overwritten
 */
export async function writeFolder(
  folder: string,
  changes: readonly FileChange[],
  wanted: readonly WantedFile[],
  {
    before,
    existing,
    signal,
  }: { before: Written; existing: ReadonlyMap<string, string>; signal: AbortSignal },
): Promise<void> {
  for (const { path, after } of changes) {
    const target = join(folder, path)
    if (after === undefined) {
      await rm(target, { force: true })
      await removeEmpty(dirname(target), folder)
      continue
    }
    await mkdir(dirname(target), { recursive: true })
    await writeAtomically(target, after, { signal })
  }
  const written = writtenAfter(changes, wanted, before, existing)
  await mkdir(folder, { recursive: true })
  await writeAtomically(join(folder, writtenFile), writtenText(written), { signal })
}

/** What is ours now: what was written, what was as wanted already, and the old note of what a person keeps edited. */
function writtenAfter(
  changes: readonly FileChange[],
  wanted: readonly WantedFile[],
  before: Written,
  existing: ReadonlyMap<string, string>,
): Written {
  const made = new Map(changes.map(change => [change.path, change.after]))
  const after: Written = {}
  for (const { path, text } of wanted) {
    const now = made.get(path) ?? existing.get(path)
    const note = now === text ? checksum(text) : before[path]
    if (note !== undefined) after[path] = note
  }
  for (const [path, note] of Object.entries(before)) {
    if (!made.has(path) && existing.has(path)) after[path] ??= note
  }
  return after
}

async function removeEmpty(path: string, folder: string): Promise<void> {
  if (path === folder) return
  await rmdir(path).catch((error: NodeJS.ErrnoException) => {
    if (error.code !== 'ENOTEMPTY' && error.code !== 'EEXIST') throw error
  })
}

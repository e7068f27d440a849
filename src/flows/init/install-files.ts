import { randomBytes } from 'node:crypto'
import { link, mkdir, open, rename, rm, stat, writeFile } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { RefusedError } from '../../errors.ts'

export type NewFile = {
  path: string
  text: string
  mode: number
  /** A file of the user's that was read and extended: written over without a word. */
  extends?: { before: string | undefined }
}

/**
 * Puts all files in place, or none: each is written whole beside its place first, and what a failure finds done is undone.
 * @param force move what is in the way into `keepIn` instead of refusing; nothing is ever lost.
 * @returns where replaced files were kept.
 * @throws RefusedError `exists`
 */
export async function installFiles(
  files: readonly NewFile[],
  options: { force: boolean; keepIn: string },
): Promise<string[]> {
  const staged: { file: NewFile; temporary: string }[] = []
  const undo: (() => Promise<void>)[] = []
  const kept: string[] = []
  try {
    for (const file of files) staged.push({ file, temporary: await stage(file) })
    for (const { file, temporary } of staged) {
      if (file.extends) {
        const { before } = file.extends
        await rename(temporary, file.path)
        undo.push(() => (before === undefined ? rm(file.path) : writeFile(file.path, before)))
        continue
      }
      if (options.force) {
        const aside = await moveAside(file.path, options.keepIn)
        if (aside !== undefined) {
          kept.push(aside)
          undo.push(() => rename(aside, file.path))
        }
      }
      await place(temporary, file.path)
      undo.push(() => rm(file.path))
    }
    return kept
  } catch (error) {
    for (const step of undo.reverse()) await step()
    throw error
  } finally {
    for (const { temporary } of staged) await rm(temporary, { force: true })
  }
}

async function stage({ path, text, mode }: NewFile): Promise<string> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(4).toString('hex')}.tmp`)
  const file = await open(temporary, 'wx', mode)
  try {
    await file.writeFile(text)
    await file.sync()
  } finally {
    await file.close()
  }
  return temporary
}

/** A hard link, unlike a rename, never replaces anything. */
async function place(temporary: string, path: string): Promise<void> {
  try {
    await link(temporary, path)
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code !== 'EEXIST') throw error
    throw alreadyThere([path])
  }
}

async function moveAside(path: string, keepIn: string): Promise<string | undefined> {
  const aside = join(keepIn, basename(path))
  if ((await stat(path).catch(() => undefined)) === undefined) return undefined
  await mkdir(keepIn, { recursive: true, mode: 0o700 })
  await rename(path, aside)
  return aside
}

export function alreadyThere(paths: readonly string[]): RefusedError {
  const names = paths.map(path => basename(path)).join(', ')
  return new RefusedError(`Already there: ${names}. Nothing was written.`, {
    code: 'exists',
    hint: 'Change what is there by hand, or begin anew and keep the old files in .cosmos/: cosmos init --force',
  })
}

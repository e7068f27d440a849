import { randomBytes } from 'node:crypto'
import { type FileHandle, open, rename, rm } from 'node:fs/promises'
import { basename, dirname, join } from 'node:path'
import { throwIfAborted } from '../errors.ts'

/**
 * Replaces a file in one step: whoever reads it sees the old text or the new, also after a crash or a kill.
 * @param mode permission bits of the new file.
 * @throws the error of the file system; the file is then as it was.
 */
export async function writeAtomically(
  path: string,
  data: string | Uint8Array,
  { mode = 0o644, signal }: { mode?: number; signal?: AbortSignal } = {},
): Promise<void> {
  const temporary = join(dirname(path), `.${basename(path)}.${randomBytes(6).toString('hex')}.tmp`)
  const file = await open(temporary, 'wx', mode)
  try {
    await fill(file, data, mode)
    throwIfAborted(signal)
    await rename(temporary, path)
  } catch (error) {
    await rm(temporary, { force: true })
    throw error
  }
  await settleFolder(dirname(path))
}

async function fill(file: FileHandle, data: string | Uint8Array, mode: number): Promise<void> {
  try {
    await file.chmod(mode)
    await file.writeFile(data)
    await file.sync()
  } finally {
    await file.close()
  }
}

/** A rename is on disk only when its folder is. */
async function settleFolder(path: string): Promise<void> {
  const folder = await open(path, 'r')
  try {
    await folder.sync()
  } finally {
    await folder.close()
  }
}

import { readdirSync } from 'node:fs'
import { readdir, readFile } from 'node:fs/promises'
import { join } from 'node:path'
import { throwIfAborted } from '../../errors.ts'
import type { FolderFile } from '../../manifests/index.ts'

const passedBy = ['.git', '.cosmos', 'node_modules']

/** Every file of a folder and below, in the order of their names; undefined when there is no such folder. Links are passed by. */
export async function folderFiles(folder: string, signal: AbortSignal): Promise<FolderFile[] | undefined> {
  const files: FolderFile[] = []
  const visit = async (below: string): Promise<void> => {
    throwIfAborted(signal)
    const entries = await readdir(join(folder, below), { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = below === '' ? entry.name : `${below}/${entry.name}`
      if (entry.isDirectory() && !passedBy.includes(entry.name)) await visit(path)
      if (entry.isFile()) files.push({ path, text: await readFile(join(folder, path), 'utf8') })
    }
  }
  try {
    await visit('')
    return files
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT' && files.length === 0) return undefined
    throw error
  }
}

/** Names in a folder of the repository; undefined when there is none. */
export function namesInFolder(root: string, path: string): string[] | undefined {
  try {
    return readdirSync(join(root, path))
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ENOTDIR') return undefined
    throw error
  }
}

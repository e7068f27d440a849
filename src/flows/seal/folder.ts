import { readdir, stat } from 'node:fs/promises'
import { extname, join } from 'node:path'
import { throwIfAborted } from '../../errors.ts'
import { writeTarget } from './files.ts'

const extensions = ['.yaml', '.yml', '.json']
const passedBy = ['.git', '.cosmos', 'node_modules']

/** Whether the path is a folder. */
export async function isFolder(path: string): Promise<boolean> {
  return stat(path).then(
    found => found.isDirectory(),
    () => false,
  )
}

/**
 * Manifest files of a folder and below, in the order of their names. A link that leads out of the folder is refused;
 * one that stays inside is passed by, because its target is met anyway.
 */
export async function manifestFiles(root: string, signal: AbortSignal): Promise<string[]> {
  const files: string[] = []
  const visit = async (dir: string): Promise<void> => {
    throwIfAborted(signal)
    const entries = await readdir(dir, { withFileTypes: true })
    for (const entry of entries.sort((a, b) => (a.name < b.name ? -1 : 1))) {
      const path = join(dir, entry.name)
      if (entry.isDirectory() && !passedBy.includes(entry.name)) await visit(path)
      if (!extensions.includes(extname(entry.name).toLowerCase())) continue
      if (entry.isSymbolicLink()) await writeTarget(path, root)
      if (entry.isFile()) files.push(path)
    }
  }
  await visit(root)
  return files
}

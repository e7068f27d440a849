import { chmod, mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'

/** Makes `.cosmos/`: only its owner may look inside, and Git ignores all of it, whatever the project's own .gitignore says. */
export async function makeFolder(dir: string): Promise<void> {
  const created = await mkdir(dir, { recursive: true, mode: 0o700 })
  if (created !== undefined) await chmod(dir, 0o700)
  await writeFile(join(dir, '.gitignore'), '*\n', { flag: 'wx' }).catch(ignoreExisting)
}

function ignoreExisting(error: NodeJS.ErrnoException): void {
  if (error.code !== 'EEXIST') throw error
}

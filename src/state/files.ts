import { join } from 'node:path'
import { writeAtomically } from '../files/index.ts'
import { makeFolder } from './folder.ts'

/** Writes a file into `.cosmos/` in one piece, mode 0600, and makes the folder when it is not there. @param dir the folder `.cosmos` */
export async function writeLocalFile(dir: string, name: string, text: string): Promise<void> {
  await makeFolder(dir)
  await writeAtomically(join(dir, name), text, { mode: 0o600 })
}

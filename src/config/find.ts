import { stat } from 'node:fs/promises'
import { dirname, join } from 'node:path'

export const configFileName = 'cosmos.yaml'

/**
 * Path of the nearest `cosmos.yaml`: in the folder, or above it up to the root of its Git repository.
 * Outside a repository only the folder itself counts. Undefined when there is none.
 */
export async function findConfig(cwd: string): Promise<string | undefined> {
  const root = await repositoryRoot(cwd)
  for (let dir = cwd; ; dir = dirname(dir)) {
    const path = join(dir, configFileName)
    if (await exists(path)) return path
    if (dir === (root ?? cwd)) return undefined
  }
}

async function repositoryRoot(cwd: string): Promise<string | undefined> {
  for (let dir = cwd; ; dir = dirname(dir)) {
    if (await exists(join(dir, '.git'))) return dir
    if (dirname(dir) === dir) return undefined
  }
}

async function exists(path: string): Promise<boolean> {
  return stat(path).then(
    () => true,
    () => false,
  )
}

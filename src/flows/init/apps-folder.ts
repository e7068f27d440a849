import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { originUrl, repositoryRoot } from './git-defaults.ts'
import { repositoryOf } from './repository-url.ts'

/**
 * The App-of-Apps folder, when Argo CD is to read the very repository we stand in and the folder is not there yet:
 * a root Application whose path does not exist never becomes Synced, one over an empty folder does.
 */
export async function missingAppsFolder(
  cli: Pick<Cli, 'cwd' | 'signal'>,
  git: { url: string; path?: string | undefined },
  usualPath: string,
): Promise<string | undefined> {
  const [root, origin] = await Promise.all([
    repositoryRoot(cli.cwd, cli.signal),
    originUrl(cli.cwd, cli.signal),
  ])
  if (root === undefined || origin === undefined || repositoryOf(origin).url !== git.url) return undefined
  const folder = join(root, git.path ?? usualPath)
  const found = await stat(folder).catch(() => undefined)
  return found === undefined ? folder : undefined
}

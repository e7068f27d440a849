import { realpath } from 'node:fs/promises'
import { dirname, join, relative, resolve, sep } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { type Config, findConfig, loadConfig } from '../../config/index.ts'
import { RefusedError, UsageError } from '../../errors.ts'
import { repositoryRoot } from '../init/git-defaults.ts'

/** Where the App-of-Apps folder of a project lies. */
export type GitopsHome = {
  config: Config
  /** Folder of cosmos.yaml. */
  dir: string
  /** Top of the repository. */
  root: string
  /** The App-of-Apps folder; may not be there yet. */
  folder: string
}

/**
 * The folder that `git.path` names, from the top of the repository that cosmos.yaml is in.
 * @throws UsageError `gitops-lab`; RefusedError `gitops-outside` when a link leads out of the repository
 */
export async function gitopsHome(cli: Cli): Promise<GitopsHome> {
  if (cli.lab !== 'off') {
    throw new UsageError('The lab has no repository of its own.', {
      code: 'gitops-lab',
      hint: 'Run it without --lab: it changes files of yours only, and no server.',
    })
  }
  const configPath = cli.config ?? (await findConfig(cli.cwd)) ?? join(cli.cwd, 'cosmos.yaml')
  const config = await loadConfig(configPath)
  const dir = dirname(resolve(cli.cwd, configPath))
  const root = (await repositoryRoot(dir, cli.signal)) ?? dir
  const folder = join(root, config.git.path)
  await refuseOutside(folder, root)
  return { config, dir, root, folder }
}

async function refuseOutside(folder: string, root: string): Promise<void> {
  const real = await realFolder(folder)
  const way = relative(await realpath(root), real)
  if (way !== '..' && !way.startsWith(`..${sep}`) && way !== real) return
  throw new RefusedError(`${folder} leads out of the repository, to ${real}.`, {
    code: 'gitops-outside',
    hint: 'Argo CD only reads what is in the repository: change git.path in cosmos.yaml, or the link.',
  })
}

/** The path with all links followed, as far as it exists. */
async function realFolder(path: string): Promise<string> {
  const real = await realpath(path).catch(() => undefined)
  if (real !== undefined) return real
  return join(await realFolder(dirname(path)), relative(dirname(path), path))
}

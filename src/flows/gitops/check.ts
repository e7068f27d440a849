import { relative } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { CosmosError, UsageError } from '../../errors.ts'
import { checkAppsFolder, type Problem } from '../../manifests/index.ts'
import { configConcerns } from './concerns.ts'
import { folderFiles, namesInFolder } from './folder-files.ts'
import { type GitopsHome, gitopsHome } from './home.ts'

export type CheckResult = { folder: string; files: number; problems: Problem[]; warnings: string[] }

/**
 * `cosmos gitops check`: whether Argo CD will do with the folder what was meant. No vault, no network, no cluster.
 * @throws CosmosError `gitops-invalid` naming every error; UsageError `gitops-missing`
 */
export async function checkGitops(cli: Cli): Promise<CheckResult> {
  const home = await gitopsHome(cli)
  const result = await examineFolder(cli, home)
  for (const warning of result.warnings) cli.note(`Warning: ${warning}`)
  for (const { path, message } of result.problems.filter(({ level }) => level === 'warning'))
    cli.note(`Warning: ${path}: ${message}`)
  const errors = result.problems.filter(({ level }) => level === 'error')
  if (errors.length > 0) {
    throw new CosmosError(
      `${result.folder}: ${errors.length === 1 ? '1 error' : `${errors.length} errors`}.`,
      {
        code: 'gitops-invalid',
        details: errors.map(({ path, message }) => `${path}: ${message}`),
        hint: 'After mending: cosmos gitops check',
      },
    )
  }
  cli.out(`${result.folder}: ${result.files} files, nothing wrong.`)
  return result
}

/** Everything wrong with the folder. @throws UsageError `gitops-missing` */
export async function examineFolder(
  cli: Pick<Cli, 'cwd' | 'signal'>,
  { config, root, folder: path }: GitopsHome,
): Promise<CheckResult> {
  const files = await folderFiles(path, cli.signal)
  const folder = relative(cli.cwd, path) || '.'
  if (files === undefined) {
    throw new UsageError(`There is no ${folder}.`, {
      code: 'gitops-missing',
      hint: 'Make it: cosmos gitops init',
    })
  }
  const problems = checkAppsFolder({
    path: config.git.path,
    url: config.git.url,
    files,
    filesIn: inRepository => namesInFolder(root, inRepository),
  })
  return { folder, files: files.length, problems, warnings: configConcerns(config) }
}

import { relative } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { exitCodes } from '../../errors.ts'
import { appsFolder } from '../../manifests/index.ts'
import { folderFiles } from './folder-files.ts'
import { gitopsHome } from './home.ts'
import { planFolder } from './plan.ts'
import { changesByKind, showChanges, showDiffs } from './render.ts'
import { withoutSecrets } from './secrets.ts'
import { assumedFiles } from './wanted.ts'
import { parseWritten, writtenFile } from './written.ts'

/** `cosmos gitops diff`: what this cosmos would write differently. Opens no vault, so sealed values are taken for good. */
export async function diffGitops(cli: Cli): Promise<Record<string, unknown>> {
  const { config, folder: path } = await gitopsHome(cli)
  const files = await folderFiles(path, cli.signal)
  const existing = new Map(files?.map(({ path: name, text }): [string, string] => [name, text]))
  const wanted = await assumedFiles(appsFolder(withoutSecrets(config)), existing)
  const changes = planFolder(wanted, existing, parseWritten(existing.get(writtenFile)))
  const folder = relative(cli.cwd, path) || '.'
  if (changes.length === 0) {
    cli.out(`${folder} is as this cosmos would write it.`)
    return { folder, ...changesByKind(changes) }
  }
  showChanges(cli, changes)
  showDiffs(cli, changes)
  cli.note('Take it over: cosmos gitops init')
  cli.exitWith(exitCodes.usage)
  return { folder, ...changesByKind(changes) }
}

import type { Cli } from '../../cli/index.ts'
import { lineDiff } from './line-diff.ts'
import type { FileChange } from './plan.ts'

const words: Record<FileChange['kind'], string> = {
  create: 'new',
  update: 'changed by cosmos',
  remove: 'no longer wanted',
  edited: 'edited by you, kept',
  left: 'no longer wanted, but edited by you: kept',
}

/** One line a file. */
export function showChanges(cli: Cli, changes: readonly FileChange[]): void {
  cli.table([['FILE', ''], ...changes.map(({ path, kind }) => [path, words[kind]])])
}

/** What cosmos would change in files that are there. */
export function showDiffs(cli: Cli, changes: readonly FileChange[]): void {
  for (const { path, before, after } of changes) {
    if (before === undefined || after === undefined) continue
    cli.out()
    for (const line of lineDiff(path, before, after)) cli.out(line)
  }
}

/** Paths by what happens to them, for `--json`. */
export function changesByKind(changes: readonly FileChange[]): Record<FileChange['kind'], string[]> {
  const paths = (kind: FileChange['kind']) =>
    changes.filter(change => change.kind === kind).map(({ path }) => path)
  return {
    create: paths('create'),
    update: paths('update'),
    remove: paths('remove'),
    edited: paths('edited'),
    left: paths('left'),
  }
}

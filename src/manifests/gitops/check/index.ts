import { applicationProblems } from './applications.ts'
import { imageUpdaterProblems } from './image-updaters.ts'
import { objectProblems } from './objects.ts'
import { type Folder, ownershipProblems } from './ownership.ts'
import { error, type Problem } from './problem.ts'
import { isYaml, readObjects } from './read.ts'
import { valueProblems } from './values.ts'
import { waveProblems } from './waves.ts'

export type { Folder } from './ownership.ts'
export type { Problem } from './problem.ts'
export type { FolderFile } from './read.ts'

/**
 * Everything that can be said about an App-of-Apps folder without a cluster. Errors first, each in the order of the files.
 * Fields of core objects are not checked here: the API server does that, and `kubectl apply --dry-run=server`.
 */
export function checkAppsFolder(folder: Folder): Problem[] {
  const files = folder.files.filter(({ path }) => isYaml(path))
  const { objects, problems } = readObjects(files)
  const applications = objects.filter(each => each.kind === 'Application' && !each.path.includes('/'))
  const all = [
    ...problems,
    ...names(files.map(each => each.path)),
    ...applicationProblems(applications),
    ...valueProblems(applications),
    ...objectProblems(objects),
    ...ownershipProblems(folder, applications, objects),
    ...waveProblems(applications, objects),
    ...imageUpdaterProblems(objects, applications, files),
  ]
  return [...all.filter(each => each.level === 'error'), ...all.filter(each => each.level === 'warning')]
}

/** A kustomization directly in the folder would hide every file that it does not list. */
function names(paths: readonly string[]): Problem[] {
  return paths
    .filter(path => /^kustomization\.ya?ml$/i.test(path))
    .map(path => error(path, 'makes Argo CD read only what it lists; the folder itself must be plain'))
}

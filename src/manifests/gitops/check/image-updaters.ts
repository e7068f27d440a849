import { updateStrategies } from '../image-updater.ts'
import { sourcesOf } from './applications.ts'
import { error, type Problem, warning } from './problem.ts'
import { at, type FolderFile, isKustomization, list, type Placed, text } from './read.ts'
import { imageUpdaterShape, unknownKeys } from './shape.ts'

/** ImageUpdater objects: known strategies, tags that sort, and applications that can be written to. */
export function imageUpdaterProblems(
  objects: readonly Placed[],
  applications: readonly Placed[],
  files: readonly FolderFile[],
): Problem[] {
  return objects
    .filter(each => each.kind === 'ImageUpdater')
    .flatMap(updater => [
      ...unknownKeys(updater.object, imageUpdaterShape).map(key =>
        error(updater.path, `ImageUpdater ${updater.name}: there is no ${key}`),
      ),
      ...settingsOf(updater).flatMap(settings => strategy(updater, settings)),
      ...references(updater, applications, files),
    ])
}

function settingsOf({ object }: Placed): unknown[] {
  const refs = list(at(object, 'spec', 'applicationRefs'))
  const holders = [at(object, 'spec'), ...refs, ...refs.flatMap(ref => list(at(ref, 'images')))]
  return holders.map(holder => at(holder, 'commonUpdateSettings')).filter(each => each !== undefined)
}

function strategy({ path, name }: Placed, settings: unknown): Problem[] {
  const named = at(settings, 'updateStrategy') ?? 'semver'
  if (!updateStrategies.some(known => known === named)) {
    return [
      error(
        path,
        `ImageUpdater ${name}: there is no strategy ${String(named)}, which would silently mean semver; use one of ${updateStrategies.join(', ')}`,
      ),
    ]
  }
  const numbers = text(at(settings, 'allowTags')).includes('[0-9]')
  return named === 'alphabetical' && numbers
    ? [warning(path, `ImageUpdater ${name}: alphabetical puts 9 above 10; numbers need semver`)]
    : []
}

/** The image updater writes to Kustomize and Helm, never to a plain folder. */
function references(
  { path, name, object }: Placed,
  applications: readonly Placed[],
  files: readonly FolderFile[],
): Problem[] {
  return list(at(object, 'spec', 'applicationRefs')).flatMap(ref => {
    const pattern = text(at(ref, 'namePattern'))
    if (/[*?[]/.test(pattern)) return []
    const application = applications.find(each => each.name === pattern)
    if (application === undefined)
      return [warning(path, `ImageUpdater ${name}: there is no Application ${pattern}`)]
    return sourcesOf(application).some(source => isWritable(source, files))
      ? []
      : [
          error(
            path,
            `ImageUpdater ${name}: ${pattern} is a plain folder, which it cannot write to; give it a kustomization.yaml`,
          ),
        ]
  })
}

function isWritable(source: unknown, files: readonly FolderFile[]): boolean {
  if (
    at(source, 'chart') !== undefined ||
    at(source, 'kustomize') !== undefined ||
    at(source, 'helm') !== undefined
  )
    return true
  const folder = text(at(source, 'path')).split('/').filter(Boolean).at(-1)
  return files.some(
    ({ path }) =>
      path.split('/').at(-2) === folder && (isKustomization(path) || path.endsWith('/Chart.yaml')),
  )
}

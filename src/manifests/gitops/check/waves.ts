import { sourcesOf } from './applications.ts'
import { error, type Problem, warning } from './problem.ts'
import { at, type Placed, text } from './read.ts'

/** Which chart brings the kinds of a group. */
const bringers: readonly [group: string, chart: string][] = [
  ['monitoring.coreos.com', 'kube-prometheus-stack'],
  ['bitnami.com', 'sealed-secrets'],
  ['argocd-image-updater.argoproj.io', 'argocd-image-updater'],
]

/**
 * Sync waves: a number each, and what brings a kind comes before what needs it, so that no wave waits for a later one.
 * @param ownerOf name of the Application that an object's file belongs to
 */
export function waveProblems(applications: readonly Placed[], objects: readonly Placed[]): Problem[] {
  const problems = applications.flatMap(application =>
    Number.isInteger(waveOf(application))
      ? []
      : [error(application.path, `${application.name}: the sync wave is no whole number`)],
  )
  for (const [group, chart] of bringers) {
    const needing = objects.filter(({ object }) => text(object.apiVersion).startsWith(`${group}/`))
    const [first] = needing
    if (first === undefined) continue
    const bringer = applications.find(each => sourcesOf(each).some(source => at(source, 'chart') === chart))
    if (bringer === undefined) {
      problems.push(warning(first.path, `${first.kind} needs ${chart}, which no Application brings`))
      continue
    }
    for (const placed of needing) {
      const user = applications.find(
        each => folderOf(each) !== '' && placed.path.startsWith(`${folderOf(each)}/`),
      )
      if (user !== undefined && waveOf(user) < waveOf(bringer))
        problems.push(
          error(
            placed.path,
            `${user.name} is in a wave before ${bringer.name}, which brings ${placed.kind}: it would wait for ever`,
          ),
        )
    }
  }
  return problems
}

function waveOf({ object }: Placed): number {
  return Number(at(object, 'metadata', 'annotations', 'argocd.argoproj.io/sync-wave') ?? 0)
}

/** Last part of the Application's path, which is its folder beside it. */
function folderOf(application: Placed): string {
  const path = sourcesOf(application)
    .map(source => text(at(source, 'path')))
    .find(each => each !== '')
  return path?.split('/').filter(Boolean).at(-1) ?? ''
}

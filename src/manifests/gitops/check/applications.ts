import { error, type Problem, warning } from './problem.ts'
import { at, list, type Placed, text } from './read.ts'
import { applicationShape, unknownKeys } from './shape.ts'

export type Repository = { url: string; branch: string }

/** Argo CD's sync options; a misspelt one is silently ignored. */
const syncOptions = [
  ...['CreateNamespace', 'SkipDryRunOnMissingResource', 'ServerSideApply', 'PruneLast', 'Prune', 'Delete'],
  ...[
    'ApplyOutOfSyncOnly',
    'RespectIgnoreDifferences',
    'FailOnSharedResource',
    'Replace',
    'Validate',
    'Force',
  ],
  ...['PrunePropagationPolicy', 'ClientSideApplyMigration'],
]

/** What is wrong with each Application by itself. */
export function applicationProblems(applications: readonly Placed[]): Problem[] {
  return applications.flatMap(application => [
    ...keys(application),
    ...firstSync(application),
    ...sources(application),
    ...annotations(application),
  ])
}

/** Sources of an Application, one or several. */
export function sourcesOf({ object }: Placed): unknown[] {
  const several = list(at(object, 'spec', 'sources'))
  return several.length > 0 ? several : [at(object, 'spec', 'source')].filter(each => each !== undefined)
}

function keys({ path, name, object, namespace }: Placed): Problem[] {
  const unknown = unknownKeys(object, applicationShape).map(key =>
    error(path, `${name}: Argo CD knows no ${key}`),
  )
  const elsewhere = namespace === 'argocd' ? [] : [error(path, `${name}: metadata.namespace must be argocd`)]
  return [...unknown, ...elsewhere]
}

/** The first sync races with the kinds that other Applications bring: only endless retries get through it. */
function firstSync({ path, name, object }: Placed): Problem[] {
  const policy = at(object, 'spec', 'syncPolicy')
  const options = list(at(policy, 'syncOptions')).map(String)
  const problems = options
    .filter(option => !syncOptions.includes(option.split('=')[0] ?? ''))
    .map(option => error(path, `${name}: there is no sync option ${option}`))
  if (at(policy, 'automated') === undefined)
    return [
      ...problems,
      warning(path, `${name}: without syncPolicy.automated nothing comes back after a rebuild`),
    ]
  if (Number(at(policy, 'retry', 'limit') ?? 5) >= 0)
    problems.push(warning(path, `${name}: syncPolicy.retry.limit should be -1, or a first sync may give up`))
  if (!options.includes('SkipDryRunOnMissingResource=true'))
    problems.push(warning(path, `${name}: syncOptions should have SkipDryRunOnMissingResource=true`))
  return problems
}

function sources(application: Placed): Problem[] {
  const { path, name } = application
  const all = sourcesOf(application)
  if (all.length === 0) return [error(path, `${name}: has no source`)]
  return all.flatMap(source => {
    const [url, chart] = [text(at(source, 'repoURL')), text(at(source, 'chart'))]
    if (url === '') return [error(path, `${name}: a source has no repoURL`)]
    if (/\/\/[^/]*@/.test(url))
      return [error(path, `${name}: the repoURL carries a credential, and this is Git`)]
    if (chart === '' && at(source, 'path') === undefined && at(source, 'ref') === undefined)
      return [error(path, `${name}: a source has neither chart nor path`)]
    const version = text(at(source, 'targetRevision'))
    const moving = chart !== '' && !/^v?\d+\.\d+\.\d+([-+].*)?$/.test(version)
    return moving ? [warning(path, `${name}: the chart's version is not pinned (${version || 'none'})`)] : []
  })
}

/** Annotations of the image updater 0.x do nothing in 1.x. */
function annotations({ path, name, object }: Placed): Problem[] {
  const old = Object.keys((at(object, 'metadata', 'annotations') as object | undefined) ?? {}).filter(key =>
    key.startsWith('argocd-image-updater.argoproj.io/'),
  )
  return old.length === 0
    ? []
    : [
        warning(
          path,
          `${name}: annotations of the image updater are ignored since 1.0; use an ImageUpdater object`,
        ),
      ]
}

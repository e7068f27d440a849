import type { Cluster } from './cluster.ts'
import { at, type K8sObject, text } from './objects.ts'
import type { Task } from './schedule.ts'

const normalised = (url: string) =>
  url
    .trim()
    .toLowerCase()
    .replace(/\/+$/, '')
    .replace(/\.git$/, '')

/** Argo CD's application controller: looks at each Application once it runs itself, and again every two minutes while it fails. */
export class Applications {
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  #isRunning(): boolean {
    const controller = this.#cluster.store
      .list('statefulsets')
      .find(one => one.metadata.name.endsWith('application-controller'))
    const repoServer = this.#cluster.store
      .list('deployments')
      .find(one => one.metadata.name.endsWith('repo-server'))
    return [controller, repoServer].every(one => Number(at(one?.status, 'readyReplicas') ?? 0) > 0)
  }

  reconcile(): void {
    if (!this.#isRunning()) return
    const { store, schedule, guest } = this.#cluster
    for (const app of store.list('applications.argoproj.io')) {
      const { name, namespace = 'argocd' } = app.metadata
      const spec = JSON.stringify(app.spec)
      if (at(app.status, 'observed') === spec) continue
      store.apply({
        ...app,
        status: { observed: spec, sync: { status: 'Unknown' }, health: { status: 'Missing' } },
      })
      schedule.drop(namespace, name)
      schedule.add({ atMs: this.#cluster.time() + guest.vary(3_000), kind: 'app-refresh', namespace, name })
    }
  }

  run(task: Task): void {
    const { store, schedule, guest } = this.#cluster
    const app = store.get('applications.argoproj.io', task.namespace, task.name)
    if (!app) return
    const now = this.#cluster.time()
    const time = new Date(now).toISOString().replace(/\.\d+Z$/, 'Z')
    const next = (kind: Task['kind'], ms: number) =>
      schedule.add({ atMs: now + ms, kind, namespace: task.namespace, name: task.name })
    const revision = 'c05f05c05f05c05f05c05f05c05f05c05f05c05f'
    if (task.kind === 'app-refresh') {
      const problem = this.#problem(app)
      if (problem) {
        store.apply({
          ...app,
          status: {
            ...app.status,
            sync: { status: 'Unknown' },
            health: { status: 'Healthy' },
            conditions: [{ type: 'ComparisonError', message: problem, lastTransitionTime: time }],
            reconciledAt: time,
          },
        })
        next('app-refresh', 120_000)
        return
      }
      const isAutomated = at(app.spec, 'syncPolicy', 'automated') !== undefined
      store.apply({
        ...app,
        status: {
          ...app.status,
          conditions: [],
          sync: { status: 'OutOfSync', revision },
          health: { status: 'Missing' },
          ...(isAutomated
            ? {
                operationState: {
                  phase: 'Running',
                  message: 'waiting for healthy state of resources',
                  startedAt: time,
                },
              }
            : {}),
          reconciledAt: time,
        },
      })
      if (isAutomated) next('app-synced', guest.vary(4_000))
      return
    }
    const healthy = task.kind === 'app-healthy'
    store.apply({
      ...app,
      status: {
        ...app.status,
        sync: { status: 'Synced', revision },
        health: { status: healthy ? 'Healthy' : 'Progressing' },
        operationState: {
          phase: 'Succeeded',
          message: 'successfully synced (all tasks run)',
          finishedAt: time,
          syncResult: { revision },
        },
        reconciledAt: time,
      },
    })
    if (!healthy) next('app-healthy', guest.vary(5_000))
  }

  /** Why the repository cannot be read, in Argo CD's words. */
  #problem(app: K8sObject): string | undefined {
    const source = at(app.spec, 'source') ?? at(app.spec, 'sources', 0)
    const url = text(at(source, 'repoURL'))
    const path = text(at(source, 'path'))
    const chart = text(at(source, 'chart'))
    const prefix =
      'Failed to load target state: failed to generate manifest for source 1 of 1: rpc error: code = Unknown desc = '
    if (url === '')
      return 'application spec for is invalid: InvalidSpecError: spec.source.repoURL and either spec.source.path or spec.source.chart are required'
    if (/unreachable|\.invalid\b/.test(url))
      return `${prefix}failed to list refs: Get "${url}/info/refs?service=git-upload-pack": dial tcp: lookup ${/\/\/([^/]+)/.exec(url)?.[1] ?? url}: no such host`
    if (path === '' && chart === '')
      return 'spec.source.repoURL and either spec.source.path or spec.source.chart are required'
    const secret = this.#repositorySecret(url)
    const password = secret?.data?.password
    if (secret && password !== undefined && Buffer.from(password, 'base64').toString('utf8').trim() === '')
      return `${prefix}failed to list refs: authentication required: Repository not found.`
    return undefined
  }

  #repositorySecret(url: string): K8sObject | undefined {
    return this.#cluster.store.list('secrets').find(secret => {
      const type = secret.metadata.labels?.['argocd.argoproj.io/secret-type']
      const own = normalised(Buffer.from(secret.data?.url ?? '', 'base64').toString('utf8'))
      return (
        (type === 'repository' && own === normalised(url)) ||
        (type === 'repo-creds' && own !== '' && normalised(url).startsWith(own))
      )
    })
  }
}

import { parse, YAMLParseError } from 'yaml'
import { chartObjects, chartProblem } from './charts.ts'
import type { Cluster } from './cluster.ts'
import { at, type Json, type K8sObject, text } from './objects.ts'
import type { Task } from './schedule.ts'

function merge(into: Json, from: Json): Json {
  const result = { ...into }
  for (const [key, value] of Object.entries(from)) {
    const old = result[key]
    const both = [old, value].every(one => typeof one === 'object' && one !== null && !Array.isArray(one))
    result[key] = both ? merge(old as Json, value as Json) : value
  }
  return result
}

/** helm-controller: a Job per HelmChart, run again when its spec or its HelmChartConfig changes (facts/kubernetes.md C). */
export class HelmController {
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  #spec(chart: K8sObject): string {
    const config = this.#cluster.store.get('helmchartconfigs', chart.metadata.namespace, chart.metadata.name)
    return JSON.stringify([chart.spec, config?.spec ?? null])
  }

  reconcile(): void {
    const { store, schedule, guest } = this.#cluster
    for (const chart of store.list('helmcharts')) {
      const { name, namespace = 'kube-system' } = chart.metadata
      const spec = this.#spec(chart)
      if (at(chart.status, 'applied') === spec) continue
      store.apply({ ...chart, status: { jobName: `helm-install-${name}`, applied: spec, tries: 0 } })
      store.apply({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: `helm-install-${name}`, namespace },
        spec: { backoffLimit: 1000 },
        status: { active: 1 },
      })
      schedule.drop(namespace, name, ['helm-try', 'helm-done'])
      const bootstrap = at(chart.spec, 'bootstrap') === true
      const ready = bootstrap
        ? this.#cluster.time()
        : Math.max(this.#cluster.time(), this.#cluster.nodeReadyMs + 4_000)
      schedule.add({ atMs: ready + guest.vary(5_000), kind: 'helm-try', namespace, name })
    }
  }

  run(task: Task): void {
    const { store, schedule, guest } = this.#cluster
    const chart = store.get('helmcharts', task.namespace, task.name)
    if (!chart) return
    const job = `helm-install-${task.name}`
    if (task.kind === 'helm-try') {
      const problem = chartProblem(chart.spec) ?? this.#valuesProblem(chart)
      const tries = Number(at(chart.status, 'tries') ?? 0) + 1
      this.#pod(task.namespace, job, problem ? 'CrashLoopBackOff' : 'Running')
      if (!problem) {
        schedule.add({
          atMs: this.#cluster.time() + guest.vary(12_000),
          kind: 'helm-done',
          namespace: task.namespace,
          name: task.name,
        })
        return
      }
      store.apply({ ...chart, status: { ...chart.status, tries, error: problem } })
      store.apply({
        apiVersion: 'batch/v1',
        kind: 'Job',
        metadata: { name: job, namespace: task.namespace },
        spec: { backoffLimit: 1000 },
        status: { active: 1, failed: tries, ready: 0 },
      })
      this.#cluster.event(
        task.namespace,
        { kind: 'Pod', name: job },
        'BackOff',
        `Back-off restarting failed container helm in pod ${job}`,
        'Warning',
      )
      schedule.add({
        atMs: this.#cluster.time() + Math.min(300_000, 10_000 * 2 ** Math.min(tries, 5)),
        kind: 'helm-try',
        namespace: task.namespace,
        name: task.name,
      })
      return
    }
    const namespace = text(at(chart.spec, 'targetNamespace')) || task.namespace
    if (!store.get('namespaces', undefined, namespace)) {
      if (at(chart.spec, 'createNamespace') !== true) {
        schedule.add({
          atMs: this.#cluster.time() + 20_000,
          kind: 'helm-try',
          namespace: task.namespace,
          name: task.name,
        })
        store.apply({
          ...chart,
          status: {
            ...chart.status,
            error: `Error: INSTALLATION FAILED: create: failed to create: namespaces "${namespace}" not found`,
          },
        })
        return
      }
      store.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name: namespace },
        status: { phase: 'Active' },
      })
    }
    const values = this.#values(chart)
    for (const object of chartObjects({
      chart: text(at(chart.spec, 'chart')),
      release: task.name,
      namespace,
      values,
    }))
      store.apply(object)
    this.#pod(task.namespace, job, 'Completed')
    store.apply({
      apiVersion: 'batch/v1',
      kind: 'Job',
      metadata: { name: job, namespace: task.namespace },
      status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] },
    })
    store.apply({
      ...chart,
      status: {
        ...chart.status,
        error: undefined,
        conditions: [
          { type: 'JobCreated', status: 'True' },
          { type: 'Failed', status: 'False' },
        ],
      },
    })
  }

  /** What the helm job printed so far; for `kubectl logs job/helm-install-…`. */
  logs(namespace: string, name: string): string {
    const chart = this.#cluster.store.get('helmcharts', namespace, name)
    const error = text(at(chart?.status, 'error'))
    return `+ helm_v3 install ${name} ${text(at(chart?.spec, 'chart'))} --repo ${text(at(chart?.spec, 'repo'))} --version ${text(at(chart?.spec, 'version'))}\n${error ? `${error}\n` : ''}`
  }

  #values(chart: K8sObject): Json {
    const config = this.#cluster.store.get('helmchartconfigs', chart.metadata.namespace, chart.metadata.name)
    const read = (value: unknown): Json =>
      typeof value === 'string' ? ((parse(value) as Json | null) ?? {}) : {}
    return merge(
      merge((at(chart.spec, 'values') as Json | undefined) ?? {}, read(at(chart.spec, 'valuesContent'))),
      read(at(config?.spec, 'valuesContent')),
    )
  }

  #valuesProblem(chart: K8sObject): string | undefined {
    try {
      this.#values(chart)
      return undefined
    } catch (error) {
      if (!(error instanceof YAMLParseError)) throw error
      return `Error: failed to parse /config/values-01_HelmChart.yaml: ${error.message.split('\n')[0]}`
    }
  }

  #pod(namespace: string, job: string, state: 'Running' | 'CrashLoopBackOff' | 'Completed'): void {
    const done = state === 'Completed'
    this.#cluster.store.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name: `${job}-x7k2p`,
        namespace,
        labels: { 'batch.kubernetes.io/job-name': job },
        ownerReferences: [{ kind: 'Job', name: job }],
      },
      spec: { containers: [{ name: 'helm', image: 'rancher/klipper-helm:v0.9.14' }] },
      status: {
        phase: done ? 'Succeeded' : 'Running',
        reason: state,
        containerStatuses: [
          { name: 'helm', ready: state === 'Running', restartCount: state === 'CrashLoopBackOff' ? 1 : 0 },
        ],
      },
    })
  }
}

import { paths } from './paths.ts'
import { parseJson, parseSections, sectionsCommand } from './sections.ts'
import { shellQuote } from './shell-quote.ts'

export type ApplicationState = { name: string; sync: string; health: string; message?: string }

export type Cluster = {
  node: { ready: boolean; reason?: string }
  argocd: { healthy: boolean; message: string }
  root: { sync: string; health: string; message?: string; phase?: string }
  applications: ApplicationState[]
  pods: { notReady: string[] }
  /** Use of /data in bytes; zero while it is not known. */
  disk: { usedBytes: number; sizeBytes: number }
}

/** An API server that hangs must not hang the probe. */
const kubectl = 'timeout 20 k3s kubectl'

/** One command that says how the cluster does. @param nodeName name of the Kubernetes node */
export function clusterProbe(nodeName: string): string {
  return sectionsCommand({
    service: 'systemctl is-active k3s.service',
    node: `${kubectl} get node ${shellQuote(nodeName)} -o json`,
    workloads: `${kubectl} -n argocd get deployments,statefulsets -o json`,
    applications: `${kubectl} -n argocd get applications.argoproj.io -o json`,
    pods: `${kubectl} get pods -A --no-headers`,
    disk: `df -B1 --output=used,size ${paths.data} | tail -n 1`,
  })
}

/** Reads the answer of `clusterProbe`. What did not answer counts as not ready. */
export function parseClusterProbe(stdout: string): Cluster {
  const sections = parseSections(stdout)
  const applications = items(sections.applications).map(application)
  const root = applications.find(each => each.name === 'root')
  return {
    node: nodeState(parseJson(sections.node), sections.service?.trim() ?? ''),
    argocd: argocdState(items(sections.workloads)),
    root: root === undefined ? { sync: '', health: '', message: 'not there yet' } : withoutName(root),
    applications: applications.map(({ phase: _phase, ...each }) => each),
    pods: { notReady: notReadyPods(sections.pods ?? '') },
    disk: diskUse(sections.disk ?? ''),
  }
}

type Json = Record<string, unknown>

function items(text: string | undefined): Json[] {
  const list = parseJson(text)?.items
  return Array.isArray(list) ? (list as Json[]) : []
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Json | null | undefined)?.[key], value)
}

function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

/** @param service state of K3s's unit, which says why nobody answers */
function nodeState(node: Json | undefined, service: string): Cluster['node'] {
  if (node === undefined) {
    const reason =
      service === 'inactive' || service === 'failed' ? `K3s is ${service}` : 'K3s does not answer yet'
    return { ready: false, reason }
  }
  const conditions = at(node, 'status', 'conditions')
  const ready = Array.isArray(conditions)
    ? (conditions as Json[]).find(each => each.type === 'Ready')
    : undefined
  if (ready?.status === 'True') return { ready: true }
  return { ready: false, reason: text(ready?.message) || 'the node is not Ready yet' }
}

/** What the chart always brings; a workload that is still missing must not look like health. */
const essential = ['server', 'repo-server', 'application-controller']

function argocdState(workloads: readonly Json[]): Cluster['argocd'] {
  const name = (each: Json) => text(at(each, 'metadata', 'name'))
  const missing = essential.filter(part => !workloads.some(each => name(each).endsWith(part)))
  if (workloads.length === 0) return { healthy: false, message: 'being installed' }
  const waiting = workloads.filter(each => !isComplete(each)).map(name)
  const parts = [...missing.map(part => `${part} is missing`), ...waiting.map(each => `${each} is not ready`)]
  return { healthy: parts.length === 0, message: parts.join(', ') }
}

function isComplete(workload: Json): boolean {
  const wanted = Number(at(workload, 'spec', 'replicas') ?? 1)
  return Number(at(workload, 'status', 'readyReplicas') ?? 0) >= wanted
}

function application(object: Json): ApplicationState & { phase?: string } {
  const state = at(object, 'status', 'operationState')
  const conditions = at(object, 'status', 'conditions')
  const condition = Array.isArray(conditions) ? text(at(conditions[0], 'message')) : ''
  const phase = text(at(state, 'phase'))
  const message = condition || (phase !== 'Succeeded' ? text(at(state, 'message')) : '')
  return {
    name: text(at(object, 'metadata', 'name')),
    sync: text(at(object, 'status', 'sync', 'status')),
    health: text(at(object, 'status', 'health', 'status')),
    ...(message === '' ? {} : { message }),
    ...(phase === '' ? {} : { phase }),
  }
}

function withoutName({ name: _, ...rest }: ApplicationState & { phase?: string }): Cluster['root'] {
  return rest
}

/** `namespace name 1/2 Running …`: not ready are those with a part missing, unless they have ended well. */
function notReadyPods(table: string): string[] {
  return table.split('\n').flatMap(line => {
    const [namespace, name, ready = '', status] = line.trim().split(/\s+/)
    if (name === undefined || status === 'Completed') return []
    const [up, all] = ready.split('/')
    return up === all && status === 'Running' ? [] : [`${namespace}/${name} (${status})`]
  })
}

function diskUse(line: string): Cluster['disk'] {
  const [used = Number.NaN, size = Number.NaN] = line.trim().split(/\s+/).map(Number)
  return Number.isFinite(used) && Number.isFinite(size)
    ? { usedBytes: used, sizeBytes: size }
    : { usedBytes: 0, sizeBytes: 0 }
}

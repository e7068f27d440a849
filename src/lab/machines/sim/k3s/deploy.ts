import { createHash } from 'node:crypto'
import { parseAllDocuments } from 'yaml'
import type { Cluster } from './cluster.ts'
import type { K8sObject } from './objects.ts'
import { ApiError } from './store.ts'

export const manifestsFolder = '/var/lib/rancher/k3s/server/manifests'
const everyMs = 15_000

type State = { seen: Record<string, string>; failing: boolean; nextMs: number }

/**
 * The deploy controller (facts/kubernetes.md A.4): walks the folder in path order every 15 s, applies files that changed,
 * and everything again while one fails. Deleting a file deletes nothing.
 */
export class Deploy {
  readonly #cluster: Cluster
  #seen = new Map<string, string>()
  #failing = false
  #dirty = true
  #nextMs = 0
  disabled = new Set<string>()

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  start(apiAtMs: number): void {
    this.#nextMs = apiAtMs
    this.#dirty = true
  }

  state(): State {
    return { seen: Object.fromEntries(this.#seen), failing: this.#failing, nextMs: this.#nextMs }
  }

  load(state: State | undefined): void {
    this.#seen = new Map(Object.entries(state?.seen ?? {}))
    this.#failing = state?.failing ?? false
  }

  /** Something in the folder is about to change. */
  touched(): void {
    this.#dirty = true
  }

  /** When the next pass that does anything comes; quiet ones are skipped at no cost. */
  nextMs(now: number): number {
    if (this.#dirty || this.#failing) return this.#nextMs
    if (this.#nextMs <= now) this.#nextMs += Math.ceil((now - this.#nextMs + 1) / everyMs) * everyMs
    return Number.POSITIVE_INFINITY
  }

  #files(folder: string): string[] {
    const { vfs } = this.#cluster.guest
    if (!vfs.exists(folder)) return []
    return vfs.readDir(folder).flatMap(name => {
      const path = `${folder}/${name}`
      return vfs.look(path)?.node.kind === 'dir' ? this.#files(path) : [path]
    })
  }

  pass(ms: number): void {
    this.#nextMs = ms + everyMs
    this.#dirty = false
    const again = this.#failing
    this.#failing = false
    const all = this.#files(manifestsFolder).sort()
    for (const path of all) {
      if (!/\.(ya?ml|json)$/i.test(path) || all.includes(`${path}.skip`)) continue
      const base = (path.split('/').at(-1) as string).split('.')[0] as string
      if (this.disabled.has(base)) continue
      const content = this.#cluster.guest.vfs.readText(path)
      const sum = createHash('sha256').update(content).digest('hex')
      if (this.#seen.get(path) === sum && !again) continue
      this.#apply(path, base, content, sum)
    }
  }

  #apply(path: string, base: string, content: string, sum: string): void {
    const cluster = this.#cluster
    const about = { kind: 'Addon', name: base, apiVersion: 'k3s.cattle.io/v1', namespace: 'kube-system' }
    try {
      if (!/^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/.test(base)) {
        throw new ApiError(
          'Invalid',
          `Addon.k3s.cattle.io "${base}" is invalid: metadata.name: Invalid value: "${base}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.', and must start and end with an alphanumeric character`,
        )
      }
      cluster.store.apply({
        apiVersion: 'k3s.cattle.io/v1',
        kind: 'Addon',
        metadata: { name: base, namespace: 'kube-system' },
        spec: { source: path, checksum: sum },
      })
      cluster.event('kube-system', about, 'ApplyingManifest', `Applying manifest at ${JSON.stringify(path)}`)
      for (const object of documents(content)) cluster.store.apply(object)
      if (this.#seen.get(path) !== sum) {
        cluster.event('kube-system', about, 'AppliedManifest', `Applied manifest at ${JSON.stringify(path)}`)
        cluster.log('info', `Applied manifest at ${path}`)
      }
      this.#seen.set(path, sum)
    } catch (error) {
      if (!(error instanceof Error)) throw error
      this.#failing = true
      this.#seen.delete(path)
      const reason = `Applying manifest at "${path}" failed: ${error.message}`
      cluster.log('error', `Failed to process config: failed to process ${path}: ${error.message}`)
      if (cluster.store.get('namespaces', undefined, 'kube-system'))
        cluster.event(
          'kube-system',
          { ...about, name: base.toLowerCase().replace(/[^a-z0-9-]/g, '-') },
          'ApplyManifestFailed',
          reason,
          'Warning',
        )
    }
  }
}

/** The objects of a manifest; lists are taken apart. @throws Error for broken YAML */
export function documents(content: string): K8sObject[] {
  const objects: K8sObject[] = []
  for (const document of parseAllDocuments(content)) {
    const [error] = document.errors
    if (error) throw new Error(`yaml: ${error.message.split('\n')[0]}`)
    const value: unknown = document.toJS()
    if (value === null || value === undefined) continue
    const object = value as K8sObject
    if (typeof object !== 'object' || !object.kind) throw new Error("Object 'Kind' is missing")
    if (object.kind === 'List' && Array.isArray(object.items)) objects.push(...(object.items as K8sObject[]))
    else objects.push(object)
  }
  return objects
}

import { createHash } from 'node:crypto'
import { at, builtinResources, groupOf, type K8sObject, type Resource, records, text } from './objects.ts'

/** A request the API server refuses; the message is what kubectl prints after `Error from server (REASON): `. */
export class ApiError extends Error {
  readonly reason: string

  constructor(reason: string, message: string) {
    super(message)
    this.reason = reason
  }
}

/** The datastore of a cluster: objects by resource, namespace and name. */
export class ObjectStore {
  objects = new Map<string, K8sObject>()
  #version = 1
  readonly #now: () => number

  constructor(now: () => number) {
    this.#now = now
  }

  /** Kinds that can be used now: built-in ones and those of the CRDs in the store. */
  resources(): Resource[] {
    const custom = [...this.objects.values()]
      .filter(object => object.kind === 'CustomResourceDefinition')
      .map(crd => ({
        kind: text(at(crd.spec, 'names', 'kind')),
        group: text(at(crd.spec, 'group')),
        plural: text(at(crd.spec, 'names', 'plural')),
        short: [
          ...((at(crd.spec, 'names', 'shortNames') as string[] | undefined) ?? []),
          text(at(crd.spec, 'names', 'singular')),
        ],
        namespaced: at(crd.spec, 'scope') !== 'Cluster',
      }))
    return [...builtinResources, ...custom]
  }

  resourceOf(apiVersion: string, kind: string): Resource {
    const found = this.resources().find(one => one.kind === kind && one.group === groupOf(apiVersion))
    if (!found) throw new ApiError('NotFound', `no matches for kind "${kind}" in version "${apiVersion}"`)
    return found
  }

  /** The resource a user names: `pods`, `po`, `applications.argoproj.io`. */
  resourceNamed(name: string): Resource | undefined {
    const lower = name.toLowerCase()
    const [plural, ...group] = lower.split('.')
    return this.resources().find(
      one =>
        (one.plural === plural ||
          one.short.includes(plural as string) ||
          one.kind.toLowerCase() === plural) &&
        (group.length === 0 || one.group === group.join('.') || `v1.${one.group}` === group.join('.')),
    )
  }

  static key(resource: Resource, namespace: string | undefined, name: string): string {
    return `${resource.group}/${resource.plural}/${resource.namespaced ? (namespace ?? 'default') : ''}/${name}`
  }

  get(plural: string, namespace: string | undefined, name: string): K8sObject | undefined {
    const resource = this.resourceNamed(plural)
    return resource ? this.objects.get(ObjectStore.key(resource, namespace, name)) : undefined
  }

  list(plural: string, namespace?: string): K8sObject[] {
    const resource = this.resourceNamed(plural)
    if (!resource) return []
    const prefix = `${resource.group}/${resource.plural}/${namespace !== undefined && resource.namespaced ? `${namespace}/` : ''}`
    return [...this.objects]
      .filter(([key]) => key.startsWith(prefix))
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([, object]) => object)
  }

  /** Creates or updates; status is kept. @throws ApiError for a missing kind, namespace or name. */
  apply(given: K8sObject): 'created' | 'configured' | 'unchanged' {
    if (!given.apiVersion || !given.kind) throw new ApiError('BadRequest', "Object 'Kind' is missing")
    const resource = this.resourceOf(given.apiVersion, given.kind)
    if (!text(given.metadata?.name)) throw new ApiError('Invalid', `resource name may not be empty`)
    const { name } = given.metadata
    if (!/^[a-z0-9]([-a-z0-9.:]*[a-z0-9])?$/.test(name))
      throw new ApiError(
        'Invalid',
        `${given.kind} "${name}" is invalid: metadata.name: Invalid value: "${name}": a lowercase RFC 1123 subdomain must consist of lower case alphanumeric characters, '-' or '.'`,
      )
    const namespace = resource.namespaced ? (given.metadata.namespace ?? 'default') : undefined
    if (namespace !== undefined && !this.get('namespaces', undefined, namespace))
      throw new ApiError('NotFound', `namespaces "${namespace}" not found`)
    const key = ObjectStore.key(resource, namespace, name)
    const old = this.objects.get(key)
    const { stringData, ...rest } = given
    const next: K8sObject = {
      ...rest,
      metadata: { ...old?.metadata, ...given.metadata, ...(namespace === undefined ? {} : { namespace }) },
    }
    if (stringData)
      next.data = {
        ...next.data,
        ...Object.fromEntries(
          Object.entries(stringData).map(([field, value]) => [field, Buffer.from(value).toString('base64')]),
        ),
      }
    if (!given.status && old?.status) next.status = old.status
    const same =
      old &&
      JSON.stringify({ ...old, metadata: { ...old.metadata, resourceVersion: '' } }) ===
        JSON.stringify({ ...next, metadata: { ...next.metadata, resourceVersion: '' } })
    if (same) return 'unchanged'
    this.#version += 1
    next.metadata.uid ??= uidOf(`${key}${this.#version}${this.#now()}`)
    next.metadata.creationTimestamp ??= new Date(Math.floor(this.#now() / 1000) * 1000)
      .toISOString()
      .replace('.000', '')
    next.metadata.resourceVersion = String(this.#version)
    this.objects.set(key, next)
    return old ? 'configured' : 'created'
  }

  delete(plural: string, namespace: string | undefined, name: string): K8sObject | undefined {
    const resource = this.resourceNamed(plural)
    if (!resource) return undefined
    const key = ObjectStore.key(resource, namespace, name)
    const found = this.objects.get(key)
    this.objects.delete(key)
    if (found && resource.kind === 'Namespace')
      for (const [other] of this.objects) if (other.split('/')[2] === name) this.objects.delete(other)
    return found
  }

  /** The condition of that type, or its status. */
  static condition(object: K8sObject, type: string): string {
    return text(records(at(object.status, 'conditions')).find(one => one.type === type)?.status)
  }
}

/** A stable UUID from a text. */
export function uidOf(seed: string): string {
  const hex = createHash('sha256').update(seed).digest('hex')
  return `${hex.slice(0, 8)}-${hex.slice(8, 12)}-4${hex.slice(13, 16)}-8${hex.slice(17, 20)}-${hex.slice(20, 32)}`
}

import { FsError } from '../../fs/errno.ts'
import type { Call } from '../../shell/host.ts'
import type { Cluster } from '../cluster.ts'
import { documents } from '../deploy.ts'
import { at, type Json, type K8sObject, type Resource } from '../objects.ts'
import { ApiError } from '../store.ts'
import { select } from './get.ts'
import type { Options } from './options.ts'

const label = (resource: Resource, name: string) =>
  `${resource.kind.toLowerCase()}${resource.group ? `.${resource.group}` : ''}/${name}`

async function given(call: Call, options: Options): Promise<K8sObject[] | string> {
  const objects: K8sObject[] = []
  for (const path of [...options.all('f'), ...options.all('filename')]) {
    try {
      const content =
        path === '-'
          ? (await call.stdin.readAll(call.signal)).toString('utf8')
          : call.host.vfs.readText(path, call.cwd)
      objects.push(...documents(content))
    } catch (error) {
      if (error instanceof FsError) return `error: the path "${path}" does not exist`
      if (error instanceof Error)
        return `error: error parsing ${path === '-' ? 'STDIN' : path}: ${error.message}`
      throw error
    }
  }
  return objects.length === 0 ? 'error: no objects passed to apply' : objects
}

/** kubectl apply, create and replace with -f. */
export async function apply(cluster: Cluster, call: Call, options: Options): Promise<number> {
  const objects = await given(call, options)
  if (typeof objects === 'string') {
    await call.err(`${objects}\n`)
    return 1
  }
  let status = 0
  for (const object of objects) {
    const namespaced =
      object.metadata?.namespace === undefined && options.namespace !== 'default'
        ? { ...object, metadata: { ...object.metadata, namespace: options.namespace } }
        : object
    try {
      const resource = cluster.store.resourceOf(object.apiVersion, object.kind)
      const result = cluster.apply(namespaced)
      await call.out(`${label(resource, object.metadata.name)} ${result}\n`)
    } catch (error) {
      if (!(error instanceof ApiError)) throw error
      status = 1
      const isMissingKind = error.message.startsWith('no matches for kind')
      await call.err(
        isMissingKind
          ? `error: resource mapping not found for name: "${object.metadata?.name}" namespace: "${object.metadata?.namespace ?? ''}" from "STDIN": ${error.message}\nensure CRDs are installed first\n`
          : `Error from server (${error.reason}): error when creating "STDIN": ${error.message}\n`,
      )
    }
  }
  return status
}

/** kubectl delete: pods go with their grace, other objects at once; with --wait=false it does not wait. */
export async function remove(
  cluster: Cluster,
  call: Call,
  words: readonly string[],
  options: Options,
): Promise<number> {
  let targets: { resource: Resource; object: K8sObject }[]
  let failed = false
  if (options.value('f', 'filename') !== undefined) {
    const objects = await given(call, options)
    if (typeof objects === 'string') {
      await call.err(`${objects}\n`)
      return 1
    }
    targets = objects.map(object => ({
      resource: cluster.store.resourceOf(object.apiVersion, object.kind),
      object,
    }))
  } else {
    if (
      words.length === 1 &&
      !words[0]?.includes('/') &&
      !options.has('all') &&
      !options.value('l', 'selector')
    ) {
      await call.err('error: resource(s) were provided, but no name was specified\n')
      return 1
    }
    const chosen = await select(cluster, call, words, options)
    failed = chosen.failed
    targets = chosen.found.flatMap(({ resource, objects }) => objects.map(object => ({ resource, object })))
  }
  for (const { resource, object } of targets) {
    const { name, namespace } = object.metadata
    if (resource.kind === 'Pod') {
      const grace = options.value('grace-period')
      const gone = cluster.pods.remove(
        object,
        grace === undefined || Number(grace) < 0 ? {} : { graceMs: Number(grace) * 1000 },
      )
      if (options.value('wait') !== 'false')
        await cluster.guest.clock.sleep(Math.max(0, gone - cluster.guest.clock.now()), call.signal)
    } else {
      const plural = resource.group ? `${resource.plural}.${resource.group}` : resource.plural
      for (const pod of cluster.store.list('pods', namespace))
        if (pod.metadata.ownerReferences?.some(owner => owner.kind === resource.kind && owner.name === name))
          cluster.pods.remove(pod)
      cluster.store.delete(plural, namespace, name)
    }
    await call.out(
      `${resource.kind.toLowerCase()}${resource.group ? `.${resource.group}` : ''} "${name}" deleted\n`,
    )
  }
  return failed ? 1 : 0
}

function merge(into: unknown, patch: unknown): unknown {
  if (typeof patch !== 'object' || patch === null || Array.isArray(patch)) return patch
  const result: Json = { ...((typeof into === 'object' && into !== null ? into : {}) as Json) }
  for (const [key, value] of Object.entries(patch)) {
    if (value === null) delete result[key]
    else result[key] = merge(result[key], value)
  }
  return result
}

/** kubectl patch (merge), annotate, label, scale. */
export async function change(
  cluster: Cluster,
  call: Call,
  verb: string,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const isTarget = (word: string) => !/[^/]=|-$/.test(word)
  const { found, failed } = await select(cluster, call, words.filter(isTarget), options)
  const edits = words.filter(word => !isTarget(word))
  for (const { resource, objects } of found) {
    for (const object of objects) {
      let next: K8sObject = object
      if (verb === 'patch') {
        const patch: unknown = JSON.parse(options.value('p', 'patch') ?? '{}')
        if (Array.isArray(patch)) {
          for (const step of patch as Json[]) {
            const path = String(step.path)
              .split('/')
              .slice(1)
              .map(key => key.replaceAll('~1', '/').replaceAll('~0', '~'))
            next = merge(
              next,
              path.reduceRight<unknown>(
                (inner, key) => ({ [key]: inner }),
                step.op === 'remove' ? null : step.value,
              ),
            ) as K8sObject
          }
        } else next = merge(next, patch) as K8sObject
      } else if (verb === 'scale')
        next = { ...object, spec: { ...object.spec, replicas: Number(options.value('replicas') ?? 1) } }
      else {
        const field = verb === 'label' ? 'labels' : 'annotations'
        const values = { ...((at(object.metadata, field) ?? {}) as Record<string, string>) }
        for (const edit of edits) {
          if (edit.endsWith('-')) delete values[edit.slice(0, -1)]
          else values[edit.slice(0, edit.indexOf('='))] = edit.slice(edit.indexOf('=') + 1)
        }
        next = { ...object, metadata: { ...object.metadata, [field]: values } }
      }
      cluster.apply(next)
      await call.out(
        `${label(resource, object.metadata.name)} ${{ patch: 'patched', annotate: 'annotated', label: 'labeled', scale: 'scaled' }[verb] ?? 'configured'}\n`,
      )
    }
  }
  return failed ? 1 : 0
}

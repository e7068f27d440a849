import type { Call } from '../../shell/host.ts'
import type { Cluster } from '../cluster.ts'
import { at, type K8sObject } from '../objects.ts'
import { ObjectStore } from '../store.ts'
import { select } from './get.ts'
import { jsonPath } from './jsonpath.ts'
import type { Options } from './options.ts'

function condition(goal: string): (object: K8sObject) => boolean {
  const named = /^condition=([^=]+)(?:=(.*))?$/i.exec(goal)
  if (named)
    return object =>
      ObjectStore.condition(object, named[1] as string).toLowerCase() === (named[2] ?? 'true').toLowerCase()
  const path = /^jsonpath=['"]?(\{.*\})['"]?(?:=(.*))?$/.exec(goal)
  if (path)
    return object =>
      path[2] === undefined
        ? jsonPath(path[1] as string, object) !== ''
        : jsonPath(path[1] as string, object) === path[2]
  return () => false
}

/** kubectl wait --for=condition=… | jsonpath=… | delete | create, 30 s by default. */
export async function wait(
  cluster: Cluster,
  call: Call,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const goal = options.value('for') ?? ''
  const deadline = cluster.guest.clock.now() + (options.timeoutMs ?? 30_000)
  const quiet: Call = { ...call, err: async () => undefined }
  while (true) {
    cluster.advance()
    const { found, failed } = await select(cluster, quiet, words, options)
    const objects = found.flatMap(({ resource, objects: list }) => list.map(object => ({ resource, object })))
    const done =
      goal === 'delete'
        ? objects.length === 0
        : goal === 'create'
          ? objects.length > 0 && !failed
          : objects.length > 0 && objects.every(({ object }) => condition(goal)(object))
    if (done) {
      for (const { resource, object } of objects)
        await call.out(`${resource.kind.toLowerCase()}/${object.metadata.name} condition met\n`)
      return 0
    }
    if (objects.length === 0 && goal !== 'create' && goal !== 'delete') {
      if (failed) return (await select(cluster, call, words, options)).failed ? 1 : 0
      await call.err('error: no matching resources found\n')
      return 1
    }
    if (cluster.guest.clock.now() >= deadline) {
      await call.err(`error: timed out waiting for the condition on ${words.join('/')}\n`)
      return 1
    }
    await cluster.guest.clock.sleep(500, call.signal)
  }
}

/** kubectl rollout status. */
export async function rollout(
  cluster: Cluster,
  call: Call,
  words: readonly string[],
  options: Options,
): Promise<number> {
  const deadline = cluster.guest.clock.now() + (options.timeoutMs ?? 600_000)
  if (words[0] === 'restart') {
    const { found } = await select(cluster, call, words.slice(1), options)
    for (const { object } of found.flatMap(one => one.objects.map(object => ({ object })))) {
      for (const pod of cluster.store.list('pods', object.metadata.namespace))
        if (
          pod.metadata.ownerReferences?.some(
            owner => owner.kind === object.kind && owner.name === object.metadata.name,
          )
        )
          cluster.pods.remove(pod)
      await call.out(`${object.kind.toLowerCase()}.apps/${object.metadata.name} restarted\n`)
    }
    return 0
  }
  while (true) {
    cluster.advance()
    const { found, failed } = await select(cluster, call, words.slice(1), options)
    if (failed) return 1
    const objects = found.flatMap(one => one.objects)
    if (
      objects.every(
        object => Number(at(object.status, 'readyReplicas') ?? 0) >= Number(at(object.spec, 'replicas') ?? 1),
      )
    ) {
      for (const object of objects)
        await call.out(`${object.kind.toLowerCase()} "${object.metadata.name}" successfully rolled out\n`)
      return 0
    }
    if (cluster.guest.clock.now() >= deadline) {
      await call.err('error: timed out waiting for the condition\n')
      return 1
    }
    await cluster.guest.clock.sleep(500, call.signal)
  }
}

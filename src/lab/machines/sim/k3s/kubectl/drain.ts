import type { Call } from '../../shell/host.ts'
import type { Cluster } from '../cluster.ts'
import { at, type K8sObject, records } from '../objects.ts'
import type { Options } from './options.ts'

/** kubectl cordon and uncordon. */
export async function cordon(
  cluster: Cluster,
  call: Call,
  names: readonly string[],
  on: boolean,
): Promise<number> {
  let status = 0
  for (const name of names.map(word => word.replace(/^nodes?\//, ''))) {
    const node = cluster.store.get('nodes', undefined, name)
    if (!node) {
      await call.err(`Error from server (NotFound): nodes "${name}" not found\n`)
      status = 1
      continue
    }
    const was = at(node.spec, 'unschedulable') === true
    const { unschedulable: _, ...rest } = node.spec ?? {}
    cluster.apply({ ...node, spec: on ? { ...rest, unschedulable: true } : rest })
    await call.out(`node/${name} ${was === on ? 'already ' : ''}${on ? 'cordoned' : 'uncordoned'}\n`)
  }
  return status
}

const ownerKind = (pod: K8sObject) => pod.metadata.ownerReferences?.[0]?.kind

/** kubectl drain: cordon, then delete or evict what may go, and wait for it; each pod has its own grace period. */
export async function drain(
  cluster: Cluster,
  call: Call,
  names: readonly string[],
  options: Options,
): Promise<number> {
  const [name = ''] = names.map(word => word.replace(/^nodes?\//, ''))
  if (name === '') {
    await call.err('error: USAGE: drain NODE [flags]\n')
    return 1
  }
  const cordoned = await cordon(cluster, call, [name], true)
  if (cordoned !== 0) return cordoned
  const pods = cluster.store
    .list('pods')
    .filter(
      pod =>
        at(pod.spec, 'nodeName') === name &&
        !['Succeeded', 'Failed'].includes(String(at(pod.status, 'phase'))),
    )
  const daemons = pods.filter(pod => ownerKind(pod) === 'DaemonSet')
  const id = (pod: K8sObject) => `${pod.metadata.namespace}/${pod.metadata.name}`
  const refuse = async (what: string) => {
    await call.err(
      `error: unable to drain node "${name}" due to error: ${what}, continuing command...\nThere are pending nodes to be drained:\n ${name}\nerror: ${what}\n`,
    )
    return 1
  }
  if (daemons.length > 0 && !options.has('ignore-daemonsets'))
    return refuse(
      `cannot delete DaemonSet-managed Pods (use --ignore-daemonsets to ignore): ${daemons.map(id).join(', ')}`,
    )
  const bare = pods.filter(pod => ownerKind(pod) === undefined)
  if (bare.length > 0 && !options.has('force'))
    return refuse(
      `cannot delete cannot delete Pods that declare no controller (use --force to override): ${bare.map(id).join(', ')}`,
    )
  const local = pods.filter(
    pod => !daemons.includes(pod) && records(at(pod.spec, 'volumes')).some(volume => 'emptyDir' in volume),
  )
  if (local.length > 0 && !options.has('delete-emptydir-data'))
    return refuse(
      `cannot delete Pods with local storage (use --delete-emptydir-data to override): ${local.map(id).join(', ')}`,
    )
  if (daemons.length > 0)
    await call.err(`Warning: ignoring DaemonSet-managed Pods: ${daemons.map(id).join(', ')}\n`)
  const going = pods.filter(pod => !daemons.includes(pod))
  const grace = Number(options.value('grace-period') ?? -1)
  const started = cluster.guest.clock.now()
  const deletes = options.has('disable-eviction')
  for (const pod of going) {
    if (!deletes) await call.out(`evicting pod ${id(pod)}\n`)
    cluster.pods.remove(pod, grace >= 0 ? { graceMs: grace * 1000 } : {})
  }
  const left = new Map(going.map(pod => [`${id(pod)} ${pod.metadata.uid}`, pod]))
  while (left.size > 0) {
    cluster.advance()
    for (const [key, pod] of left) {
      const now = cluster.store.get('pods', pod.metadata.namespace, pod.metadata.name)
      if (now && now.metadata.uid === pod.metadata.uid) continue
      left.delete(key)
      await call.out(`pod/${pod.metadata.name} ${deletes ? 'deleted' : 'evicted'}\n`)
    }
    if (left.size === 0) break
    if (!cluster.apiIsUp()) return refuse('the server is currently unable to handle the request')
    if (options.timeoutMs !== undefined && cluster.guest.clock.now() - started >= options.timeoutMs) {
      return refuse(
        `[${[...left.values()].map(pod => `error when waiting for pod "${pod.metadata.name}" in namespace "${pod.metadata.namespace}" to terminate: global timeout reached: ${options.value('timeout')}`).join(', ')}]`,
      )
    }
    await cluster.guest.clock.sleep(500, call.signal)
  }
  await call.out(`node/${name} drained\n`)
  return 0
}

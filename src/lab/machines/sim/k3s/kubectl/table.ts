import { at, type K8sObject, records, text } from '../objects.ts'
import { ObjectStore } from '../store.ts'

export type Column = [title: string, value: (object: K8sObject) => string]

function age(nowMs: number): Column {
  return [
    'AGE',
    object => {
      const seconds =
        Math.max(0, Math.floor((nowMs - Date.parse(object.metadata.creationTimestamp ?? '')) / 1000)) || 0
      if (seconds < 120) return `${seconds}s`
      if (seconds < 7200) return `${Math.floor(seconds / 60)}m`
      return seconds < 172_800 ? `${Math.floor(seconds / 3600)}h` : `${Math.floor(seconds / 86_400)}d`
    },
  ]
}

/** `Running`, `ContainerCreating`, `CrashLoopBackOff`, `Terminating` … */
export function podState(pod: K8sObject): string {
  if (pod.metadata.deletionTimestamp) return 'Terminating'
  const reason = text(at(pod.status, 'reason'))
  const phase = text(at(pod.status, 'phase'))
  if (reason && reason !== 'Running') return reason
  return phase === 'Succeeded' ? 'Completed' : phase
}

function podReady(pod: K8sObject): string {
  const total = records(at(pod.spec, 'containers')).length || 1
  const isUp = at(pod.status, 'phase') === 'Running' && podState(pod) !== 'CrashLoopBackOff'
  return `${isUp ? total : 0}/${total}`
}

const replicas = (object: K8sObject) =>
  `${Number(at(object.status, 'readyReplicas') ?? 0)}/${Number(at(object.spec, 'replicas') ?? 1)}`

/** Columns of `kubectl get` for a kind, without namespace. */
export function columnsOf(plural: string, nowMs: number, wide: boolean): Column[] {
  const name: Column = ['NAME', object => object.metadata.name]
  const kinds: Record<string, Column[]> = {
    nodes: [
      [
        'STATUS',
        node =>
          (ObjectStore.condition(node, 'Ready') === 'True' ? 'Ready' : 'NotReady') +
          (at(node.spec, 'unschedulable') ? ',SchedulingDisabled' : ''),
      ],
      ['ROLES', () => 'control-plane'],
      age(nowMs),
      ['VERSION', node => text(at(node.status, 'nodeInfo', 'kubeletVersion'))],
      ...(wide
        ? ([['INTERNAL-IP', node => text(at(node.status, 'addresses', 0, 'address'))]] as Column[])
        : []),
    ],
    pods: [
      ['READY', podReady],
      ['STATUS', podState],
      ['RESTARTS', pod => String(at(pod.status, 'containerStatuses', 0, 'restartCount') ?? 0)],
      age(nowMs),
      ...(wide
        ? ([
            ['IP', pod => text(at(pod.status, 'podIP')) || '<none>'],
            ['NODE', pod => text(at(pod.spec, 'nodeName')) || '<none>'],
          ] as Column[])
        : []),
    ],
    persistentvolumes: [
      ['CAPACITY', volume => text(at(volume.spec, 'capacity', 'storage'))],
      ['RECLAIM POLICY', volume => text(at(volume.spec, 'persistentVolumeReclaimPolicy')) || 'Retain'],
      ['STATUS', volume => text(at(volume.status, 'phase'))],
      [
        'CLAIM',
        volume =>
          at(volume.spec, 'claimRef', 'name')
            ? `${text(at(volume.spec, 'claimRef', 'namespace'))}/${text(at(volume.spec, 'claimRef', 'name'))}`
            : '',
      ],
      ['STORAGECLASS', volume => text(at(volume.spec, 'storageClassName'))],
      age(nowMs),
    ],
    persistentvolumeclaims: [
      ['STATUS', claim => text(at(claim.status, 'phase'))],
      ['VOLUME', claim => text(at(claim.spec, 'volumeName'))],
      ['STORAGECLASS', claim => text(at(claim.spec, 'storageClassName'))],
      age(nowMs),
    ],
    deployments: [
      ['READY', replicas],
      ['UP-TO-DATE', object => String(at(object.status, 'updatedReplicas') ?? 0)],
      ['AVAILABLE', object => String(at(object.status, 'availableReplicas') ?? 0)],
      age(nowMs),
    ],
    statefulsets: [['READY', replicas], age(nowMs)],
    applications: [
      ['SYNC STATUS', app => text(at(app.status, 'sync', 'status'))],
      ['HEALTH STATUS', app => text(at(app.status, 'health', 'status'))],
    ],
    helmcharts: [
      ['JOB', chart => text(at(chart.status, 'jobName'))],
      ['CHART', chart => text(at(chart.spec, 'chart'))],
      ['TARGETNAMESPACE', chart => text(at(chart.spec, 'targetNamespace'))],
      ['VERSION', chart => text(at(chart.spec, 'version'))],
      ['REPO', chart => text(at(chart.spec, 'repo'))],
    ],
    events: [
      ['LAST SEEN', event => text(event.lastTimestamp)],
      ['TYPE', event => text(event.type)],
      ['REASON', event => text(event.reason)],
      [
        'OBJECT',
        event =>
          `${text(at(event, 'involvedObject', 'kind')).toLowerCase()}/${text(at(event, 'involvedObject', 'name'))}`,
      ],
      ['MESSAGE', event => text(event.message)],
    ],
    secrets: [
      ['TYPE', secret => text(secret.type) || 'Opaque'],
      ['DATA', secret => String(Object.keys(secret.data ?? {}).length)],
      age(nowMs),
    ],
    namespaces: [['STATUS', () => 'Active'], age(nowMs)],
    jobs: [
      ['STATUS', job => (at(job.status, 'succeeded') === 1 ? 'Complete' : 'Running')],
      ['COMPLETIONS', job => `${Number(at(job.status, 'succeeded') ?? 0)}/1`],
      age(nowMs),
    ],
  }
  const rest = kinds[plural] ?? [age(nowMs)]
  return plural === 'events' ? rest : [name, ...rest]
}

/** Aligned columns, three spaces apart, as kubectl prints them. */
export function table(columns: readonly Column[], objects: readonly K8sObject[], headers: boolean): string {
  const rows = objects.map(object => columns.map(([, value]) => value(object)))
  if (headers) rows.unshift(columns.map(([title]) => title))
  const widths = columns.map((_, index) => Math.max(...rows.map(row => (row[index] as string).length)))
  return rows
    .map(
      row =>
        `${row.map((cell, index) => (index === row.length - 1 ? cell : cell.padEnd((widths[index] as number) + 3))).join('')}\n`,
    )
    .join('')
}

import { workload } from './charts.ts'
import type { Cluster } from './cluster.ts'
import { ledgerPath } from './containers.ts'
import { at, type Json, type K8sObject, records, text } from './objects.ts'
import type { Task } from './schedule.ts'
import { uidOf } from './store.ts'

const stopMs = 3_000

const graceMs = (pod: K8sObject) => Number(at(pod.spec, 'terminationGracePeriodSeconds') ?? 30) * 1000

/** Controllers of workloads, the scheduler, kubelet and the claim binder in one place: what makes pods come and go. */
export class Pods {
  readonly #cluster: Cluster

  constructor(cluster: Cluster) {
    this.#cluster = cluster
  }

  /** The lab's own workload: a StatefulSet that writes the ledger, when a volume is mounted at /data. */
  startLedger(): void {
    const { guest, store } = this.#cluster
    const mount = guest.vfs.mountAt('/data')
    if (!mount || !guest.devices.some(device => device.volume.tree === mount.tree)) return
    store.apply({
      apiVersion: 'v1',
      kind: 'Namespace',
      metadata: { name: 'lab-ledger' },
      status: { phase: 'Active' },
    })
    store.apply(
      workload('lab-ledger', 'ledger', {
        kind: 'StatefulSet',
        image: 'lab/ledger:1',
        hostPath: ledgerPath,
        grace: 30,
      }),
    )
  }

  get isCordoned(): boolean {
    return (
      at(this.#cluster.store.get('nodes', undefined, this.#cluster.nodeName)?.spec, 'unschedulable') === true
    )
  }

  reconcile(): void {
    this.#bindClaims()
    const { store } = this.#cluster
    for (const kind of ['deployments', 'statefulsets', 'daemonsets'])
      for (const owner of store.list(kind)) this.#reconcileOwner(owner)
    for (const job of store.list('jobs'))
      if (!job.metadata.name.startsWith('helm-install-')) this.#reconcileJob(job)
    for (const pod of store.list('pods')) this.#place(pod)
  }

  #podsOf(owner: K8sObject): K8sObject[] {
    return this.#cluster.store
      .list('pods', owner.metadata.namespace)
      .filter(pod =>
        pod.metadata.ownerReferences?.some(
          one => one.kind === owner.kind && one.name === owner.metadata.name,
        ),
      )
  }

  #reconcileOwner(owner: K8sObject): void {
    const { store } = this.#cluster
    const replicas = owner.kind === 'DaemonSet' ? 1 : Number(at(owner.spec, 'replicas') ?? 1)
    const pods = this.#podsOf(owner)
    const living = pods.filter(pod => !pod.metadata.deletionTimestamp)
    for (const pod of living.slice(replicas)) this.remove(pod)
    for (let index = living.length; index < replicas; index += 1) {
      const { name } = owner.metadata
      const suffix = uidOf(`${name}${owner.metadata.uid}${this.#cluster.time()}${index}`)
      const podName =
        owner.kind === 'StatefulSet'
          ? `${name}-${index}`
          : owner.kind === 'DaemonSet'
            ? `${name}-${suffix.slice(0, 5)}`
            : `${name}-${uidOf(JSON.stringify(at(owner.spec, 'template')))
                .slice(0, 9)
                .replace('-', 'c')}-${suffix.slice(0, 5)}`
      if (store.get('pods', owner.metadata.namespace, podName)) continue
      this.#create(owner, podName)
    }
    const ready = this.#podsOf(owner).filter(
      pod => at(pod.status, 'phase') === 'Running' && !pod.metadata.deletionTimestamp,
    ).length
    if (at(owner.status, 'readyReplicas') === ready && at(owner.status, 'replicas') === replicas) return
    const isDaemon = owner.kind === 'DaemonSet'
    store.apply({
      ...owner,
      status: isDaemon
        ? {
            desiredNumberScheduled: replicas,
            numberReady: ready,
            numberAvailable: ready,
            readyReplicas: ready,
            replicas,
          }
        : {
            replicas,
            readyReplicas: ready,
            availableReplicas: ready,
            updatedReplicas: replicas,
            observedGeneration: 1,
            conditions: [{ type: 'Available', status: ready >= replicas ? 'True' : 'False' }],
          },
    })
  }

  #create(owner: K8sObject, name: string): void {
    const template = (at(owner.spec, 'template') ??
      at(owner.spec, 'jobTemplate', 'spec', 'template') ??
      {}) as Json
    const claims = records(at(owner.spec, 'volumeClaimTemplates')).map(claim => ({
      name: text(at(claim, 'metadata', 'name')),
      persistentVolumeClaim: { claimName: `${text(at(claim, 'metadata', 'name'))}-${name}` },
    }))
    for (const claim of records(at(owner.spec, 'volumeClaimTemplates'))) {
      this.#cluster.store.apply({
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: {
          name: `${text(at(claim, 'metadata', 'name'))}-${name}`,
          ...(owner.metadata.namespace ? { namespace: owner.metadata.namespace } : {}),
        },
        spec: (at(claim, 'spec') ?? {}) as Json,
      })
    }
    const spec = (template.spec ?? {}) as Json
    this.#cluster.store.apply({
      apiVersion: 'v1',
      kind: 'Pod',
      metadata: {
        name,
        ...(owner.metadata.namespace ? { namespace: owner.metadata.namespace } : {}),
        labels: (at(template, 'metadata', 'labels') ?? {}) as Record<string, string>,
        ownerReferences: [{ kind: owner.kind, name: owner.metadata.name }],
      },
      spec: { ...spec, volumes: [...records(spec.volumes), ...claims] },
      status: { phase: 'Pending' },
    })
  }

  #reconcileJob(job: K8sObject): void {
    if (at(job.status, 'succeeded') === 1 || this.#podsOf(job).length > 0) return
    this.#create(job, `${job.metadata.name}-${uidOf(job.metadata.uid ?? '').slice(0, 5)}`)
  }

  /** Lets a pending pod start when node, scheduler and claims allow it. */
  #place(pod: K8sObject): void {
    if (at(pod.status, 'phase') !== 'Pending' || pod.metadata.deletionTimestamp) return
    const { store, schedule, guest, nodeReadyMs } = this.#cluster
    const namespace = pod.metadata.namespace ?? 'default'
    const { name } = pod.metadata
    if (schedule.has({ kind: 'pod-run', namespace, name })) return
    const isDaemon = pod.metadata.ownerReferences?.some(one => one.kind === 'DaemonSet') ?? false
    const missing = records(at(pod.spec, 'volumes'))
      .map(volume => text(at(volume, 'persistentVolumeClaim', 'claimName')))
      .find(claim => claim !== '' && !this.#claimUsable(namespace, claim))
    const obstacle =
      this.isCordoned && !isDaemon
        ? '0/1 nodes are available: 1 node(s) were unschedulable.'
        : missing
          ? `persistentvolumeclaim "${missing}" not found or not bound`
          : undefined
    const message = text(at(pod.status, 'message'))
    if (obstacle) {
      if (message !== obstacle)
        store.apply({
          ...pod,
          status: {
            phase: 'Pending',
            message: obstacle,
            conditions: [
              { type: 'PodScheduled', status: 'False', reason: 'Unschedulable', message: obstacle },
            ],
          },
        })
      return
    }
    const image = records(at(pod.spec, 'containers')).map(container => text(container.image))[0] ?? ''
    const known = this.#images.has(image)
    const from = Math.max(this.#cluster.time(), nodeReadyMs)
    schedule.add({ atMs: from + guest.vary(known ? 2_000 : 7_000), kind: 'pod-run', namespace, name })
    store.apply({
      ...pod,
      spec: { ...pod.spec, nodeName: this.#cluster.nodeName },
      status: {
        phase: 'Pending',
        reason: 'ContainerCreating',
        conditions: [
          { type: 'PodScheduled', status: 'True' },
          { type: 'Ready', status: 'False' },
        ],
      },
    })
  }

  readonly #images = new Set<string>()

  run(task: Task): void {
    const { store, containers, schedule } = this.#cluster
    const pod = store.get('pods', task.namespace, task.name)
    if (!pod) return
    if (task.kind === 'pod-gone') {
      containers.stop(task.namespace, task.name)
      store.delete('pods', task.namespace, task.name)
      return
    }
    const specs = records(at(pod.spec, 'containers'))
    if (task.kind === 'job-done') {
      store.apply({
        ...pod,
        status: {
          phase: 'Succeeded',
          reason: 'Completed',
          containerStatuses: specs.map(one => ({ name: one.name, ready: false, restartCount: 0 })),
        },
      })
      containers.stop(task.namespace, task.name)
      const job = store.get('jobs', task.namespace, pod.metadata.ownerReferences?.[0]?.name ?? '')
      if (job)
        store.apply({ ...job, status: { succeeded: 1, conditions: [{ type: 'Complete', status: 'True' }] } })
      return
    }
    if (pod.metadata.deletionTimestamp) return
    this.#images.add(text(specs[0]?.image))
    const startTime = new Date(this.#cluster.time()).toISOString().replace(/\.\d+Z$/, 'Z')
    store.apply({
      ...pod,
      status: {
        phase: 'Running',
        startTime,
        podIP: `10.42.0.${(containers.all.size % 200) + 4}`,
        conditions: [
          { type: 'Ready', status: 'True' },
          { type: 'ContainersReady', status: 'True' },
          { type: 'PodScheduled', status: 'True' },
        ],
        containerStatuses: specs.map(one => ({
          name: one.name,
          image: one.image,
          ready: true,
          started: true,
          restartCount: 0,
          state: { running: { startedAt: startTime } },
        })),
      },
    })
    const paths = this.#hostPaths(pod)
    containers.start({
      pod: task.name,
      namespace: task.namespace,
      name: text(specs[0]?.name),
      image: text(specs[0]?.image),
      paths,
      writesLedger: task.namespace === 'lab-ledger',
      startedMs: this.#cluster.time(),
    })
    if (pod.metadata.ownerReferences?.some(one => one.kind === 'Job'))
      schedule.add({
        atMs: this.#cluster.time() + 5_000,
        kind: 'job-done',
        namespace: task.namespace,
        name: task.name,
      })
  }

  /** Folders of the host that a pod keeps busy: hostPath volumes and claims bound to them. Made when missing. */
  #hostPaths(pod: K8sObject): string[] {
    const { store, guest } = this.#cluster
    const paths = records(at(pod.spec, 'volumes')).flatMap(volume => {
      const direct = text(at(volume, 'hostPath', 'path'))
      const claim = store.get(
        'persistentvolumeclaims',
        pod.metadata.namespace,
        text(at(volume, 'persistentVolumeClaim', 'claimName')),
      )
      const bound = store.get('persistentvolumes', undefined, text(at(claim?.spec, 'volumeName')))
      const found =
        direct || text(at(bound?.spec, 'hostPath', 'path')) || text(at(bound?.spec, 'local', 'path'))
      return found ? [found] : []
    })
    for (const path of paths) if (!guest.vfs.exists(path)) guest.vfs.mkdirs(path)
    return paths
  }

  /** Deletes a pod in order: it is Terminating, then its container stops, within its own grace. */
  remove(pod: K8sObject, options: { graceMs?: number } = {}): number {
    const { store, schedule, guest } = this.#cluster
    const namespace = pod.metadata.namespace ?? 'default'
    schedule.drop(namespace, pod.metadata.name)
    const grace = options.graceMs ?? graceMs(pod)
    const running = at(pod.status, 'phase') === 'Running'
    const gone = this.#cluster.time() + (running ? Math.min(grace, guest.vary(stopMs)) : 0)
    store.apply({
      ...pod,
      metadata: { ...pod.metadata, deletionTimestamp: new Date(gone).toISOString().replace(/\.\d+Z$/, 'Z') },
    })
    schedule.add({ atMs: gone, kind: 'pod-gone', namespace, name: pod.metadata.name })
    return gone
  }

  /** After a new start of K3s: containers that did not survive are started again. */
  afterRestart(): void {
    const { store, containers } = this.#cluster
    for (const pod of store.list('pods')) {
      const phase = at(pod.status, 'phase')
      if (phase !== 'Running' || pod.metadata.name.startsWith('helm-install-')) continue
      if (containers.all.has(containers.key(pod.metadata.namespace ?? 'default', pod.metadata.name))) continue
      store.apply({ ...pod, status: { phase: 'Pending' } })
    }
  }

  /** A container ended although nobody told it to: kubelet starts it again. */
  died(namespace: string, name: string): void {
    const { store } = this.#cluster
    const pod = store.get('pods', namespace, name)
    if (!pod || !this.#cluster.apiIsUp()) return
    if (pod.metadata.deletionTimestamp || at(pod.status, 'phase') !== 'Running') return
    store.apply({ ...pod, status: { phase: 'Pending' } })
    this.reconcile()
  }

  #claimUsable(namespace: string, name: string): boolean {
    const claim = this.#cluster.store.get('persistentvolumeclaims', namespace, name)
    if (!claim) return false
    if (at(claim.status, 'phase') === 'Bound') return true
    return this.#provision(namespace, claim)
  }

  /** local-path: a folder below the configured path, by the class's pathPattern (facts/kubernetes.md E). */
  #provision(namespace: string, claim: K8sObject): boolean {
    const { store } = this.#cluster
    const className = text(at(claim.spec, 'storageClassName')) || 'local-path'
    const storageClass = store.get('storageclasses', undefined, className)
    if (storageClass?.provisioner !== 'rancher.io/local-path') return false
    const pattern = text(at(storageClass.parameters, 'pathPattern'))
    const { name } = claim.metadata
    const volume = `pvc-${claim.metadata.uid}`
    const relative = pattern
      ? pattern
          .replaceAll(/\{\{\s*\.PVC\.Namespace\s*\}\}/gi, namespace)
          .replaceAll(/\{\{\s*\.PVC\.Name\s*\}\}/gi, name)
      : `${volume}_${namespace}_${name}`
    if (pattern && !relative.startsWith(`${namespace}/${name}/`)) {
      this.#cluster.event(
        namespace,
        { kind: 'PersistentVolumeClaim', name },
        'ProvisioningFailed',
        `failed to provision volume with StorageClass "${className}": path pattern "${pattern}" must start with namespace/name/`,
        'Warning',
      )
      return false
    }
    const config = text(store.get('configmaps', 'kube-system', 'local-path-config')?.data?.['config.json'])
    const base = /"paths":\["([^"]+)"/.exec(config)?.[1] ?? '/var/lib/rancher/k3s/storage'
    const path = `${base}/${relative}`.replace(/\/+$/, '')
    this.#cluster.guest.vfs.mkdirs(path)
    store.apply({
      apiVersion: 'v1',
      kind: 'PersistentVolume',
      metadata: { name: volume },
      spec: {
        storageClassName: className,
        capacity: at(claim.spec, 'resources', 'requests') ?? {},
        accessModes: at(claim.spec, 'accessModes') ?? [],
        persistentVolumeReclaimPolicy: text(storageClass.reclaimPolicy) || 'Delete',
        claimRef: { namespace, name },
        local: { path },
      },
      status: { phase: 'Bound' },
    })
    this.#bind(claim, volume)
    return true
  }

  #bind(claim: K8sObject, volume: string): void {
    const { store } = this.#cluster
    store.apply({ ...claim, spec: { ...claim.spec, volumeName: volume }, status: { phase: 'Bound' } })
    const found = store.get('persistentvolumes', undefined, volume)
    if (found)
      store.apply({
        ...found,
        spec: { ...found.spec, claimRef: { namespace: claim.metadata.namespace, name: claim.metadata.name } },
        status: { phase: 'Bound' },
      })
  }

  #bindClaims(): void {
    const { store } = this.#cluster
    for (const volume of store.list('persistentvolumes'))
      if (!at(volume.status, 'phase')) store.apply({ ...volume, status: { phase: 'Available' } })
    for (const claim of store.list('persistentvolumeclaims')) {
      if (at(claim.status, 'phase') === 'Bound') continue
      const { name, namespace } = claim.metadata
      const wanted = text(at(claim.spec, 'volumeName'))
      const labels = Object.entries(
        (at(claim.spec, 'selector', 'matchLabels') ?? {}) as Record<string, string>,
      )
      const className = text(at(claim.spec, 'storageClassName'))
      const volume = store.list('persistentvolumes').find(one => {
        const reserved = at(one.spec, 'claimRef')
        const mine =
          reserved === undefined || (at(reserved, 'name') === name && at(reserved, 'namespace') === namespace)
        if (
          !mine ||
          at(one.status, 'phase') === 'Bound' ||
          text(at(one.spec, 'storageClassName')) !== className
        )
          return false
        if (wanted) return one.metadata.name === wanted
        return labels.length > 0
          ? labels.every(([key, value]) => one.metadata.labels?.[key] === value)
          : reserved !== undefined
      })
      if (volume) this.#bind(claim, volume.metadata.name)
      else if (!claim.status) store.apply({ ...claim, status: { phase: 'Pending' } })
    }
  }
}

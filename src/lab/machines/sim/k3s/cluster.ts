import { createHash } from 'node:crypto'
import type { Guest } from '../guest.ts'
import { programFile } from '../image/programs.ts'
import type { Process } from '../shell/process.ts'
import { Applications } from './applications.ts'
import { Containers } from './containers.ts'
import { Deploy } from './deploy.ts'
import { HelmController } from './helm.ts'
import type { K8sObject } from './objects.ts'
import { Pods } from './pods.ts'
import { Schedule, type Task } from './schedule.ts'
import { ObjectStore } from './store.ts'

const database = '/var/lib/rancher/k3s/server/db/state.db'

/**
 * K3s as far as anyone outside can tell: an API server's objects and the controllers over them.
 * Nothing runs in the background. Whoever looks calls `advance`, which lets everything happen that is due by now, in order.
 */
export class Cluster {
  readonly guest: Guest
  readonly store: ObjectStore
  readonly schedule = new Schedule()
  readonly deploy: Deploy
  readonly helm: HelmController
  readonly pods: Pods
  readonly containers: Containers
  readonly applications: Applications
  nodeName = ''
  version = ''
  /** Lab time at which the API answers, while the server process lives. */
  #apiAtMs: number | undefined
  #nodeAtMs = 0
  #advancing = false
  /** Time of the event being worked on; the clock itself may be far ahead. */
  nowMs = 0

  constructor(guest: Guest) {
    this.guest = guest
    this.store = new ObjectStore(() => this.nowMs || guest.clock.now())
    this.deploy = new Deploy(this)
    this.helm = new HelmController(this)
    this.pods = new Pods(this)
    this.containers = new Containers(guest, (namespace, pod) => this.pods.died(namespace, pod))
    this.applications = new Applications(this)
  }

  /** The server process lives, and its API will answer at that time. Loads the datastore that lies on the disk. */
  start(options: { nodeName: string; version: string; apiAtMs: number; nodeAtMs: number }): void {
    this.nodeName = options.nodeName
    this.version = options.version
    this.#apiAtMs = options.apiAtMs
    this.#nodeAtMs = options.nodeAtMs
    this.#load()
    this.schedule.delayUntil(options.apiAtMs)
    this.nowMs = options.apiAtMs
    for (const name of ['default', 'kube-system', 'kube-public', 'kube-node-lease'])
      this.store.apply({
        apiVersion: 'v1',
        kind: 'Namespace',
        metadata: { name },
        status: { phase: 'Active' },
      })
    this.deploy.start(options.apiAtMs)
    this.nowMs = 0
  }

  /** The server process is gone. Containers go on (KillMode=process). */
  stop(): void {
    this.advance()
    this.save()
    this.#apiAtMs = undefined
  }

  apiIsUp(): boolean {
    return this.#apiAtMs !== undefined && this.#apiAtMs <= this.guest.clock.now()
  }

  /** Whether kubelet runs pods by then. */
  nodeIsReady(ms: number): boolean {
    return this.#apiAtMs !== undefined && this.#nodeAtMs <= ms
  }

  get nodeReadyMs(): number {
    return this.#nodeAtMs
  }

  /** Lets everything happen that is due by now. */
  advance(): void {
    if (this.#apiAtMs === undefined || this.#advancing) return
    const now = this.guest.clock.now()
    if (now < this.#apiAtMs) return
    this.#advancing = true
    try {
      this.#register(now)
      while (true) {
        const task = this.schedule.tasks[0]
        const pass = this.deploy.nextMs(now)
        const next = Math.min(task?.atMs ?? Number.POSITIVE_INFINITY, pass)
        if (next > now) break
        this.nowMs = next
        if (pass <= next) this.deploy.pass(pass)
        else {
          this.schedule.tasks.shift()
          this.#run(task as Task)
        }
        this.reconcile()
      }
      this.nowMs = now
    } finally {
      this.nowMs = 0
      this.#advancing = false
    }
  }

  /** Controllers look at what changed. */
  reconcile(): void {
    this.helm.reconcile()
    this.pods.reconcile()
    this.applications.reconcile()
  }

  /** Applies as a client does, and lets the controllers look at once. */
  apply(object: K8sObject): string {
    const result = this.store.apply(object)
    this.nowMs = this.guest.clock.now()
    this.reconcile()
    this.nowMs = 0
    return result
  }

  /** The time of the event being worked on, or now. */
  time(): number {
    return this.nowMs || this.guest.clock.now()
  }

  event(
    namespace: string,
    about: { kind: string; name: string },
    reason: string,
    message: string,
    type: 'Normal' | 'Warning' = 'Normal',
  ): void {
    const time = new Date(this.time()).toISOString().replace(/\.\d+Z$/, 'Z')
    const name = `${about.name}.${createHash('sha256').update(`${reason}${message}`).digest('hex').slice(0, 16)}`
    const old = this.store.get('events', namespace, name)
    const count = (typeof old?.count === 'number' ? old.count : 0) + 1
    this.store.apply({
      apiVersion: 'v1',
      kind: 'Event',
      metadata: { name, namespace },
      involvedObject: about,
      reason,
      message,
      type,
      count,
      firstTimestamp: old?.firstTimestamp ?? time,
      lastTimestamp: time,
    })
  }

  log(level: string, message: string): void {
    this.guest.journal.write(
      'k3s.service',
      'k3s',
      `time="${new Date(this.time()).toISOString().replace(/\.\d+Z$/, 'Z')}" level=${level} msg=${JSON.stringify(message)}`,
      { ms: this.time() },
    )
  }

  #run(task: Task): void {
    if (task.kind.startsWith('pod') || task.kind === 'job-done') this.pods.run(task)
    else if (task.kind.startsWith('helm')) this.helm.run(task)
    else this.applications.run(task)
  }

  #register(now: number): void {
    const node = this.store.get('nodes', undefined, this.nodeName)
    const isReady = now >= this.#nodeAtMs
    if (node && ObjectStore.condition(node, 'Ready') === (isReady ? 'True' : 'False')) return
    this.nowMs = Math.min(now, Math.max(this.#nodeAtMs, this.#apiAtMs ?? 0))
    const addresses = [
      { type: 'InternalIP', address: this.guest.addresses.ipv4 ?? '10.0.0.2' },
      { type: 'Hostname', address: this.nodeName },
    ]
    this.store.apply({
      apiVersion: 'v1',
      kind: 'Node',
      metadata: {
        name: this.nodeName,
        labels: {
          'kubernetes.io/hostname': this.nodeName,
          'kubernetes.io/os': 'linux',
          'node-role.kubernetes.io/control-plane': 'true',
        },
      },
      spec: node?.spec ?? { podCIDR: '10.42.0.0/24', providerID: `k3s://${this.nodeName}` },
      status: {
        addresses,
        capacity: {
          cpu: String(this.guest.spec.cores),
          memory: `${this.guest.spec.memoryGb * 1024 * 1024}Ki`,
          pods: '110',
        },
        conditions: [
          {
            type: 'MemoryPressure',
            status: 'False',
            reason: 'KubeletHasSufficientMemory',
            message: 'kubelet has sufficient memory available',
          },
          isReady
            ? {
                type: 'Ready',
                status: 'True',
                reason: 'KubeletReady',
                message: 'kubelet is posting ready status',
              }
            : {
                type: 'Ready',
                status: 'False',
                reason: 'KubeletNotReady',
                message:
                  'container runtime network not ready: NetworkReady=false reason:NetworkPluginNotReady message:Network plugin returns error: cni plugin not initialized',
              },
        ],
        nodeInfo: {
          kubeletVersion: this.version,
          osImage: this.guest.spec.image,
          containerRuntimeVersion: 'containerd://2.3.4-k3s1',
          architecture: this.guest.spec.architecture === 'arm' ? 'arm64' : 'amd64',
        },
      },
    })
    if (isReady) {
      this.pods.startLedger()
      this.reconcile()
    }
    this.nowMs = 0
  }

  /** Writes the datastore to the disk of the machine. */
  save(): void {
    if (this.#apiAtMs === undefined) return
    const data = JSON.stringify({
      objects: [...this.store.objects],
      tasks: this.schedule.tasks,
      deploy: this.deploy.state(),
    })
    const { vfs } = this.guest
    if (vfs.exists(database) && vfs.readText(database) === data) return
    vfs.mkdirs('/var/lib/rancher/k3s/server/db', '/', 0o700)
    vfs.writeFile(database, data, { mode: 0o600 })
  }

  #load(): void {
    this.store.objects = new Map()
    this.schedule.tasks = []
    this.deploy.load(undefined)
    const { vfs } = this.guest
    if (!vfs.exists(database)) return
    const stored = JSON.parse(vfs.readText(database))
    this.store.objects = new Map(stored.objects)
    this.schedule.tasks = stored.tasks
    this.deploy.load(stored.deploy)
    this.pods.afterRestart()
  }

  /** Lines of the mountinfo of a container. */
  mountsOf(process: Process): string[] {
    return this.containers.mountsOf(process)
  }

  /** A file of a K3s release: the binary, or the list of its checksum. */
  releaseFile(version: string, name: string): Buffer {
    if (!/^v1\.\d+\.\d+\+k3s\d+$/.test(version)) return Buffer.from('')
    const arch = name.includes('arm64') ? 'arm64' : 'amd64'
    const binary = programFile('k3s', `${version} ${arch}`)
    if (name.startsWith('k3s')) return binary
    const hash = createHash('sha256').update(binary).digest('hex')
    return Buffer.from(
      `${hash}  k3s${arch === 'arm64' ? '-arm64' : ''}\n${createHash('sha256').update(`${version}images`).digest('hex')}  k3s-airgap-images-${arch}.tar.zst\n`,
    )
  }
}

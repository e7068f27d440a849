import type { Guest } from '../guest.ts'
import type { Process } from '../shell/process.ts'
import { ledgerFolder } from '../volumes/ledger.ts'
import type { Volume } from '../volumes/volume.ts'

export type Container = {
  id: string
  pod: string
  namespace: string
  name: string
  image: string
  shim: Process
  process: Process
  paths: string[]
  volume: Volume | undefined
  writesLedger: boolean
  startedMs: number
}

export type StoredContainer = {
  pod: string
  namespace: string
  name: string
  image: string
  paths: string[]
  writesLedger: boolean
  startedMs: number
}

let nextNamespace = 100

/** Containers that run: processes with a mount namespace of their own, which live on when K3s stops. */
export class Containers {
  readonly #guest: Guest
  readonly #onEnded: (namespace: string, pod: string) => void
  readonly all = new Map<string, Container>()

  constructor(guest: Guest, onEnded: (namespace: string, pod: string) => void) {
    this.#guest = guest
    this.#onEnded = onEnded
  }

  key(namespace: string, pod: string): string {
    return `${namespace}/${pod}`
  }

  start(wanted: StoredContainer): Container {
    const guest = this.#guest
    nextNamespace += 1
    const id = Buffer.from(`${wanted.namespace}/${wanted.pod}/${nextNamespace}`)
      .toString('hex')
      .padEnd(64, '0')
      .slice(-64)
    const shim = guest.processes.spawn({
      argv: [
        '/var/lib/rancher/k3s/data/current/bin/containerd-shim-runc-v2',
        '-namespace',
        'k8s.io',
        '-id',
        id.slice(0, 13),
      ],
      cgroup: '/system.slice/k3s.service',
    })
    const process = guest.processes.spawn({
      ppid: shim.pid,
      argv: [wanted.name],
      cgroup: `/kubepods.slice/${wanted.pod}`,
      namespace: nextNamespace,
    })
    for (const path of wanted.paths) process.files.set(path, 1)
    const mount = wanted.paths
      .map(path => guest.vfs.look(path)?.mount)
      .find(found => found && found.path !== '/')
    const volume = mount ? guest.devices.find(device => device.volume.tree === mount.tree)?.volume : undefined
    const container: Container = { ...wanted, id, shim, process, volume }
    this.all.set(this.key(wanted.namespace, wanted.pod), container)
    const ended = () => this.#ended(container)
    process.abort.signal.addEventListener('abort', ended, { once: true })
    shim.abort.signal.addEventListener(
      'abort',
      () => {
        guest.processes.remove(shim)
        guest.processes.kill(process.pid, 9)
      },
      { once: true },
    )
    if (wanted.writesLedger && volume) volume.ledger.start(guest.spec.id)
    return container
  }

  /** Stops a container in order, as kubelet does after SIGTERM was obeyed. */
  stop(namespace: string, pod: string): void {
    const container = this.all.get(this.key(namespace, pod))
    if (container) this.#guest.processes.kill(container.process.pid, 15)
  }

  #ended(container: Container): void {
    const guest = this.#guest
    if (container.writesLedger) container.volume?.ledger.stop()
    container.process.files.clear()
    guest.processes.remove(container.process)
    guest.processes.remove(container.shim)
    this.all.delete(this.key(container.namespace, container.pod))
    guest.mounter.settleLazy(volume => this.isUsing(volume))
    this.#onEnded(container.namespace, container.pod)
  }

  isUsing(volume: Volume): boolean {
    return [...this.all.values()].some(container => container.volume === volume)
  }

  mountsOf(process: Process): string[] {
    const container = [...this.all.values()].find(one => one.process === process)
    return (container?.paths ?? []).map(path => {
      const source = container?.volume?.tree?.source ?? '/dev/sda1'
      return `8:16 ${container?.volume ? path.replace(/^\/data/, '') : path} ${path} rw,relatime - ext4 ${source} rw`
    })
  }

  /** What must be started again when a lab that was put away comes back. */
  stored(): StoredContainer[] {
    return [...this.all.values()].map(({ pod, namespace, name, image, paths, writesLedger, startedMs }) => ({
      pod,
      namespace,
      name,
      image,
      paths,
      writesLedger,
      startedMs,
    }))
  }
}

/** Path of the ledger on a volume mounted at /data. */
export const ledgerPath = `/data/${ledgerFolder}`

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import type { MachineFaults, MachineSpec } from '../machine.ts'
import { bootSequence } from './boot/sequence.ts'
import { newNode } from './fs/node.ts'
import { loadNode, type StoredNode, storeNode, writeJson } from './fs/persist.ts'
import { Tree } from './fs/tree.ts'
import { Vfs } from './fs/vfs.ts'
import type { Device, Guest } from './guest.ts'
import { devTree, procTree } from './image/proc.ts'
import { installPrograms } from './image/programs.ts'
import { writeImage } from './image/system-image.ts'
import { Cluster } from './k3s/cluster.ts'
import { manifestsFolder } from './k3s/deploy.ts'
import { guestPrograms } from './programs/index.ts'
import { jitter } from './random.ts'
import type { Program } from './shell/host.ts'
import { Killed, ProcessTable } from './shell/process.ts'
import { SshServer } from './ssh/server.ts'
import { type Addresses, freshCloudInit, type Running, type Stored } from './stored.ts'
import { Journal } from './systemd/journal.ts'
import { Systemd } from './systemd/systemd.ts'
import { wantsOf } from './systemd/udev-rules.ts'
import { escapePath } from './systemd/unit-file.ts'
import { Mounter } from './volumes/mounter.ts'
import type { Volume } from './volumes/volume.ts'

export type MachineOptions = {
  dir: string
  clock: Clock
  faults: MachineFaults
  seed: number
  log: (line: string) => void
}

/** One simulated server: a disk, and while it is on everything that lives on it. */
export class SimMachine implements Guest {
  spec: MachineSpec
  readonly clock: Clock
  readonly programs: ReadonlyMap<string, Program>
  readonly #options: MachineOptions
  readonly #folder: string
  readonly #ssh: SshServer
  #disk: Tree
  vfs: Vfs
  processes: ProcessTable
  mounter: Mounter
  journal: Journal
  systemd: Systemd
  cluster: Cluster
  devices: Device[] = []
  addresses: Addresses = { ipv4: null, ipv6: null }
  cloudInit = freshCloudInit()
  bootedMs = 0
  on = false
  boots = 0
  #initialised = false
  #console = ''
  #hostname = 'localhost'
  #power = new AbortController()
  #varied = 0
  #saveTimer: NodeJS.Timeout | undefined
  #bootDone = false
  onOff: (id: number) => void = () => undefined
  /** Suspended or dropped: nothing is written any more. */
  #closed = false

  constructor(spec: MachineSpec, options: MachineOptions) {
    this.spec = spec
    this.clock = options.clock
    this.#options = options
    this.#folder = join(options.dir, 'machines', String(spec.id))
    this.#disk = this.#newDisk()
    const now = () => this.clock.now()
    this.vfs = new Vfs(this.#disk, now)
    this.processes = new ProcessTable(now)
    this.mounter = new Mounter(this.vfs, this.processes, spec.id)
    this.journal = new Journal(now)
    this.systemd = new Systemd(this)
    this.cluster = new Cluster(this)
    this.#ssh = new SshServer(this, options.faults, options.log)
    this.programs = guestPrograms(this)
  }

  #newDisk(): Tree {
    return new Tree({
      type: 'ext4',
      source: '/dev/sda1',
      sizeBytes: 40 * 2 ** 30,
      uuid: '0f2a0000-0000-4000-8000-000000000001',
    })
  }

  hostname(): string {
    return this.#hostname
  }

  setHostname(name: string): void {
    this.#hostname = name
  }

  vary(ms: number): number {
    this.#varied += 1
    return Math.round(ms * jitter(this.#options.seed, this.spec.id, this.boots, this.#varied))
  }

  deviceAt(path: string): Device | undefined {
    const found = path.startsWith('/dev/') ? this.vfs.look(path)?.path : undefined
    const uuid = /^UUID="?([^"]+)"?$/.exec(path)?.[1]
    const label = /^LABEL="?([^"]+)"?$/.exec(path)?.[1]
    return this.devices.find(
      device =>
        device.visibleAtMs <= this.clock.now() &&
        (`/dev/${device.name}` === (found ?? path) ||
          (uuid !== undefined && device.volume.tree?.uuid === uuid) ||
          (label !== undefined && device.volume.tree?.label === label)),
    )
  }

  console(text: string): void {
    this.#console = (this.#console + text).slice(-200_000)
  }

  consoleText(): string {
    return this.#console
  }

  /** A new disk with the image on it, and a cloud-init that has not run. */
  install(image: string, userData: string | null, copy?: StoredNode): void {
    this.spec = { ...this.spec, image, userData }
    this.#disk = this.#newDisk()
    if (copy) this.#disk.root = loadNode(copy)
    const vfs = new Vfs(this.#disk, () => this.clock.now())
    if (copy) {
      for (const path of ['/run', '/var/lib/cloud/instance/boot-finished'])
        if (vfs.exists(path) && path !== '/run') vfs.unlink(path)
      installPrograms(vfs, this.programs.keys())
    } else writeImage(vfs, { image, programs: this.programs.keys() })
    this.#initialised = false
    this.cloudInit = freshCloudInit()
    this.#console = ''
    this.journal.entries = []
    this.boots = 0
    this.vfs = vfs
    this.save()
  }

  diskCopy(): StoredNode {
    this.cluster.save()
    return storeNode(this.#disk.root)
  }

  /** Power on: everything in memory is new, then the boot goes on by itself. */
  start(): void {
    if (this.on) return
    this.#fresh()
    this.on = true
    this.boots += 1
    this.#varied = 0
    this.bootedMs = this.clock.now()
    this.#bootDone = false
    this.#power = new AbortController()
    this.journal.boot = this.boots
    this.save()
    const { signal } = this.#power
    this.#boot(signal).catch(error => {
      if (!signal.aborted)
        this.#options.log(
          `server ${this.spec.id}: boot: ${error instanceof Error ? (error.stack ?? error.message) : String(error)}`,
        )
    })
  }

  /** Memory of a machine that was just switched on; the disk stays. */
  #fresh(): void {
    const now = () => this.clock.now()
    const entries = this.journal.entries
    this.vfs = new Vfs(this.#disk, now)
    this.#disk.onChange = () => this.#saveSoon()
    for (const name of ['/run', '/tmp', '/proc', '/dev', '/sys'])
      if (!this.vfs.exists(name)) this.vfs.mkdirs(name)
    this.vfs.mount('/proc', procTree(this), ['rw', 'nosuid', 'nodev', 'noexec', 'relatime'])
    this.vfs.mount('/dev', devTree(this), ['rw', 'nosuid', 'relatime'])
    const run = new Tree({ type: 'tmpfs', source: 'tmpfs' })
    run.root = newNode('dir', now())
    this.vfs.mount('/run', run, ['rw', 'nosuid', 'nodev', 'relatime'])
    this.vfs.beforeChange = path => {
      if (path === manifestsFolder || path.startsWith(`${manifestsFolder}/`)) {
        this.cluster.advance()
        this.cluster.deploy.touched()
      }
    }
    this.processes = new ProcessTable(now)
    this.processes.spawn({ pid: 1, ppid: 0, argv: ['/sbin/init'], cgroup: '/init.scope' })
    this.mounter = new Mounter(this.vfs, this.processes, this.spec.id)
    this.journal = new Journal(now)
    this.journal.entries = entries
    this.journal.boot = this.boots
    this.systemd = new Systemd(this)
    this.cluster = new Cluster(this)
    const service = (name: string, start: () => void = () => undefined, stop: () => void = () => undefined) =>
      this.systemd.native.set(name, { start, stop })
    service(
      'ssh.service',
      () => void this.#ssh.start(),
      () => void this.#ssh.stop(false),
    )
    for (const name of [
      'systemd-logind.service',
      'systemd-journald.service',
      'systemd-resolved.service',
      'systemd-networkd.service',
      'systemd-udevd.service',
      'cron.service',
      'unattended-upgrades.service',
      'multipathd.service',
      'network-online.target',
      'multi-user.target',
      'cloud-init.service',
      'cloud-config.service',
      'cloud-final.service',
    ])
      service(name)
  }

  async #boot(signal: AbortSignal): Promise<void> {
    if (this.#options.faults.boot(this.spec.id) === 'hang') {
      this.console(
        'Booting from Hard Disk...\n[    1.203441] Kernel panic - not syncing: VFS: Unable to mount root fs on unknown-block(0,0)\n',
      )
      return
    }
    if (!(await bootSequence(this, !this.#initialised, signal))) return
    this.#initialised = true
    this.#bootDone = true
    this.save()
  }

  /** The guest's own way down: services stopped, file systems unmounted, then off or up again. */
  shutDown(mode: 'off' | 'reboot'): void {
    const { signal } = this.#power
    if (this.systemd.stopping) return
    this.systemd.stopping = true
    const run = async () => {
      this.console('[  OK  ] Reached target shutdown.target - System Shutdown.\n')
      await this.systemd.stop('k3s.service')
      const slow =
        this.cluster.containers.all.size > 0 &&
        !this.vfs.exists('/var/lib/rancher/k3s/agent/etc/kubelet.conf.d')
      await this.clock.sleep(this.vary(slow ? 20_000 : 3_000), signal)
      for (const container of [...this.cluster.containers.all.values()])
        this.processes.kill(container.process.pid, 15)
      for (const process of [...this.processes.all.values()])
        if (process.pid !== 1) process.abort.abort(new Killed(15))
      await this.clock.sleep(50, signal)
      for (const mount of [...this.vfs.mounts].reverse()) {
        const volume = this.mounter.volumeOf(mount, this.devices)
        if (!volume) continue
        this.vfs.unmount(mount)
        if (!this.vfs.mounts.some(other => other.tree === volume.tree)) this.mounter.settle(volume)
      }
      this.console('[  OK  ] Reached target poweroff.target - System Power Off.\n')
      this.flush()
      await this.#halt()
      if (mode === 'reboot') this.start()
      else this.onOff(this.spec.id)
    }
    run().catch(error => {
      if (!signal.aborted) this.#options.log(`server ${this.spec.id}: shutdown: ${String(error)}`)
    })
  }

  /** ACPI button: ignored in the first seconds of a boot (facts/vm-lab.md §7, verified). */
  pressPowerButton(): void {
    if (this.on && this.clock.now() - this.bootedMs > 5_000) this.shutDown('off')
  }

  /** The plug is pulled: a ledger that is being written is torn, mounted file systems need recovery. */
  async cut(): Promise<void> {
    if (!this.on) return
    this.cluster.advance()
    for (const device of this.devices) {
      const { volume } = device
      if (volume.ledger.isWriting) volume.ledger.tear(`power of server ${this.spec.id} cut`)
      if (volume.mountedBy === this.spec.id) {
        volume.mountedBy = null
        volume.save()
      }
    }
    this.cluster.save()
    this.save()
    await this.#halt()
  }

  async #halt(): Promise<void> {
    this.on = false
    this.#power.abort(new Killed(9))
    const containers = [...this.cluster.containers.all.values()]
    for (const { writesLedger, volume } of containers) if (writesLedger) volume?.ledger.stop()
    this.cluster.containers.all.clear()
    for (const process of [...this.processes.all.values()]) process.abort.abort(new Killed(9))
    await this.#ssh.stop(true)
    this.#disk.onChange = undefined
    this.save()
  }

  async setAddresses(addresses: Addresses): Promise<void> {
    const same = addresses.ipv4 === this.addresses.ipv4 && addresses.ipv6 === this.addresses.ipv6
    this.addresses = addresses
    this.save()
    if (same || !this.on || !this.systemd.isActive('ssh.service')) return
    await this.#ssh.stop(true)
    await this.#ssh.start()
  }

  attach(volume: Volume): void {
    const used = new Set(this.devices.map(device => device.name))
    const name =
      [...'bcdefghijklmnopqrstuvwxyz'].map(letter => `sd${letter}`).find(free => !used.has(free)) ?? 'sdz'
    const visibleAtMs = this.on ? this.clock.now() + this.vary(400) : 0
    const device: Device = { name, volume, visibleAtMs }
    this.devices.push(device)
    if (volume.tree) volume.tree.source = `/dev/${name}`
    this.save()
    if (!this.on) return
    const { signal } = this.#power
    this.clock.sleep(visibleAtMs - this.clock.now(), signal).then(
      () => this.#appeared(device),
      error => {
        if (!signal.aborted) this.#options.log(`server ${this.spec.id}: hot plug: ${String(error)}`)
      },
    )
  }

  #appeared(device: Device): void {
    if (!this.on || !this.devices.includes(device)) return
    device.visibleAtMs = Math.min(device.visibleAtMs, this.clock.now())
    this.journal.write('kernel', 'kernel', `sd 0:0:0:1: [${device.name}] Attached SCSI disk`)
    const links = [`/dev/${device.name}`, `/dev/disk/by-id/scsi-0HC_Volume_${device.volume.id}`]
    this.systemd.deviceAppeared(
      links.map(path => escapePath(path)),
      wantsOf(this.vfs, device),
    )
  }

  /** Hot unplug. True when it was mounted: then the file system is damaged, and a ledger being written is torn. */
  detach(volume: Volume): boolean {
    this.cluster.advance()
    this.devices = this.devices.filter(device => device.volume !== volume)
    const wasMounted = this.on && volume.mountedBy === this.spec.id
    if (wasMounted) {
      if (volume.ledger.isWriting) volume.ledger.tear(`detached from server ${this.spec.id} while mounted`)
      else
        volume.damage.push(
          `detached from server ${this.spec.id} while mounted, at ${new Date(this.clock.now()).toISOString()}`,
        )
      const { tree } = volume
      if (tree) {
        const cached = new Tree({
          type: tree.type,
          source: tree.source,
          sizeBytes: tree.sizeBytes,
          uuid: tree.uuid,
          root: loadNode(storeNode(tree.root)),
        })
        cached.gone = true
        for (const mount of this.vfs.mounts)
          if (mount.tree === tree) Object.assign(mount, { tree: cached, root: cached.root })
      }
      this.journal.write(
        'kernel',
        'kernel',
        `EXT4-fs error: aborting journal on device; Remounting filesystem read-only`,
      )
    }
    for (const container of this.cluster.containers.all.values())
      if (container.volume === volume) container.volume = undefined
    this.mounter.lazy.delete(volume)
    volume.mountedBy = null
    volume.save()
    this.save()
    return wasMounted
  }

  flush(): void {
    this.cluster.save()
    for (const { volume } of this.devices) if (volume.tree?.dirty || volume.ledger.isWriting) volume.save()
    this.save()
  }

  #saveSoon(): void {
    if (this.#saveTimer || this.#closed) return
    this.#saveTimer = setTimeout(() => {
      this.#saveTimer = undefined
      if (!this.#closed) this.flush()
    }, 1_000)
    this.#saveTimer.unref()
  }

  #state(running: Running | null): Stored {
    const { spec, on, addresses, boots, cloudInit, bootedMs } = this
    return {
      spec,
      on,
      addresses,
      volumes: this.devices.map(device => device.volume.id),
      boots,
      initialised: this.#initialised,
      cloudInit,
      console: this.#console,
      journal: this.journal.entries.slice(-1500),
      hostname: this.#hostname,
      bootedMs,
      running,
    }
  }

  /** Writes machine and disk. */
  save(running: Running | null = null): void {
    if (this.#closed) return
    writeJson(join(this.#folder, 'machine.json'), this.#state(running))
    if (this.#disk.dirty || !existsSync(join(this.#folder, 'disk.json'))) {
      this.#disk.dirty = false
      writeJson(join(this.#folder, 'disk.json'), storeNode(this.#disk.root))
    }
  }

  /** The lab goes down: remember what runs, stop it without the guest noticing. */
  async suspend(): Promise<void> {
    this.cluster.advance()
    this.flush()
    const isWhole = this.on && this.#bootDone && !this.systemd.stopping
    this.save(
      isWhole
        ? {
            states: [...this.systemd.states],
            mounts: this.devices.flatMap(({ volume }) =>
              this.vfs.mounts
                .filter(mount => mount.tree === volume.tree && mount.rootPath === '/')
                .map(mount => ({ volume: volume.id, path: mount.path, options: mount.options })),
            ),
            containers: this.cluster.containers.stored(),
            k3s: this.systemd.isActive('k3s.service'),
          }
        : null,
    )
    await this.drop()
  }

  /** Ends everything in memory; nothing is written from here on. */
  async drop(): Promise<void> {
    this.#closed = true
    clearTimeout(this.#saveTimer)
    this.on = false
    this.#power.abort(new Killed(9))
    for (const { writesLedger, volume } of this.cluster.containers.all.values())
      if (writesLedger) volume?.ledger.stop()
    this.cluster.containers.all.clear()
    for (const process of [...this.processes.all.values()]) process.abort.abort(new Killed(9))
    await this.#ssh.stop(true)
  }

  /** Reads a machine back from its folder; `running` says what to bring back. */
  static load(options: MachineOptions, id: number): { machine: SimMachine; stored: Stored } | undefined {
    const folder = join(options.dir, 'machines', String(id))
    if (!existsSync(join(folder, 'machine.json')) || !existsSync(join(folder, 'disk.json'))) return undefined
    const stored: Stored = JSON.parse(readFileSync(join(folder, 'machine.json'), 'utf8'))
    const machine = new SimMachine(stored.spec, options)
    machine.#disk.root = loadNode(JSON.parse(readFileSync(join(folder, 'disk.json'), 'utf8')))
    machine.addresses = stored.addresses
    machine.boots = stored.boots
    machine.#initialised = stored.initialised
    machine.cloudInit = stored.cloudInit
    machine.#console = stored.console
    machine.journal.entries = stored.journal
    machine.#hostname = stored.hostname
    machine.bootedMs = stored.bootedMs
    machine.vfs = new Vfs(machine.#disk, () => options.clock.now())
    return { machine, stored }
  }

  plug(volume: Volume): void {
    const name = `sd${'bcdefghijklmnopqrstuvwxyz'[this.devices.length]}`
    this.devices.push({ name, volume, visibleAtMs: 0 })
    if (volume.tree) volume.tree.source = `/dev/${name}`
  }

  /** Goes on where `suspend` stopped; without a record of what ran it boots, as after a power cut. */
  async wake(stored: Stored): Promise<void> {
    if (!stored.on) return
    if (!stored.running) {
      for (const { volume } of this.devices) if (volume.mountedBy === this.spec.id) volume.mountedBy = null
      this.start()
      return
    }
    this.#fresh()
    this.on = true
    this.#bootDone = true
    this.#power = new AbortController()
    this.systemd.daemonReload()
    for (const [name, state] of stored.running.states) this.systemd.states.set(name, state)
    for (const { volume, path, options } of stored.running.mounts) {
      const device = this.devices.find(one => one.volume.id === volume)
      if (device?.volume.tree) this.vfs.mount(path, device.volume.tree, options)
    }
    for (const container of stored.running.containers) this.cluster.containers.start(container)
    await this.#ssh.start()
    if (stored.running.k3s) {
      this.systemd.set('k3s.service', 'inactive', 'dead')
      void this.systemd.start('k3s.service')
    }
  }
}

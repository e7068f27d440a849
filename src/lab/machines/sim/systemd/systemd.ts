import type { Guest } from '../guest.ts'
import { MountError } from '../volumes/mounter.ts'
import { type Conditions, failedCheck } from './conditions.ts'
import { fstabUnits, type MountUnit, mountUnit } from './fstab.ts'
import { type Service, startService, stopService } from './service.ts'
import { escapePath, readUnit, type UnitFile } from './unit-file.ts'

export type ActiveState = 'inactive' | 'activating' | 'active' | 'deactivating' | 'failed'

/** What systemd remembers of a unit. */
export type UnitState = {
  active: ActiveState
  sub: string
  result: string
  since: number
  status: number
  restarts: number
}

/** How a start or stop ended: exit code of systemctl and what it says. */
export type JobResult = { code: number; message: string }

const ok: JobResult = { code: 0, message: '' }

/** The service manager: units from the guest's disk, their states, their processes. */
export class Systemd {
  readonly guest: Guest
  readonly states = new Map<string, UnitState>()
  readonly services = new Map<string, Service>()
  /** Units as of the last daemon-reload. */
  mounts = new Map<string, MountUnit>()
  /** Jobs under way, so that two starts of one unit are one. */
  readonly #jobs = new Map<string, Promise<JobResult>>()
  readonly #deviceWaiters = new Set<() => void>()
  /** Services that are part of the image and have no file (ssh, logind …). */
  readonly native = new Map<string, { start(): void; stop(): void }>()
  stopping = false

  constructor(guest: Guest) {
    this.guest = guest
  }

  state(name: string): UnitState {
    const found = this.states.get(name)
    if (found) return found
    const made: UnitState = {
      active: 'inactive',
      sub: 'dead',
      result: 'success',
      since: 0,
      status: 0,
      restarts: 0,
    }
    this.states.set(name, made)
    return made
  }

  set(name: string, active: ActiveState, sub: string, result = 'success'): void {
    Object.assign(this.state(name), { active, sub, result, since: this.guest.clock.now() })
  }

  unit(name: string): UnitFile | undefined {
    return readUnit(this.guest.vfs, name)
  }

  daemonReload(): void {
    this.mounts = fstabUnits(this.guest.vfs)
  }

  /** The mount unit of that name, from fstab (as of the last reload) or from a unit file. */
  mountUnit(name: string): MountUnit | undefined {
    const file = this.unit(name)
    const what = file?.get('Mount', 'What')
    const where = file?.get('Mount', 'Where')
    if (file && what && where)
      return mountUnit(
        what,
        where,
        file.get('Mount', 'Type') ?? 'auto',
        file.get('Mount', 'Options') ?? 'defaults',
      )
    return this.mounts.get(name)
  }

  exists(name: string): boolean {
    return this.native.has(name) || this.mountUnit(name) !== undefined || this.unit(name) !== undefined
  }

  /** Mount units among the path and its parents: what RequiresMountsFor= comes down to. */
  mountsFor(path: string): string[] {
    const parts = path.split('/').filter(Boolean)
    return parts
      .map((_, at) => `${escapePath(`/${parts.slice(0, at + 1).join('/')}`)}.mount`)
      .filter(name => this.mountUnit(name))
  }

  isActive(name: string): boolean {
    if (name.endsWith('.mount')) {
      const mount = this.mountUnit(name)
      if (mount) return this.guest.vfs.mountAt(mount.where) !== undefined
    }
    if (name.endsWith('.device')) return this.deviceOf(name)
    return this.state(name).active === 'active'
  }

  deviceOf(name: string): boolean {
    return this.guest.devices.some(
      device =>
        device.visibleAtMs <= this.guest.clock.now() &&
        [`/dev/${device.name}`, `/dev/disk/by-id/scsi-0HC_Volume_${device.volume.id}`].some(
          path => `${escapePath(path)}.device` === name,
        ),
    )
  }

  /** systemctl start. Waits for the job; an already active unit is nothing to do. */
  start(name: string): Promise<JobResult> {
    const running = this.#jobs.get(`start ${name}`)
    if (running) return running
    const job = this.#start(name).finally(() => this.#jobs.delete(`start ${name}`))
    this.#jobs.set(`start ${name}`, job)
    return job
  }

  async #start(name: string): Promise<JobResult> {
    if (this.stopping) return { code: 1, message: `Failed to start ${name}: Transaction is destructive.` }
    if (this.isActive(name)) return ok
    const native = this.native.get(name)
    if (native) {
      native.start()
      this.set(name, 'active', 'running')
      return ok
    }
    if (name.endsWith('.device'))
      return (await this.waitForDevice(name, 90_000))
        ? ok
        : { code: 1, message: `Timed out waiting for device ${name}.` }
    const mount = name.endsWith('.mount') ? this.mountUnit(name) : undefined
    if (mount) return this.#startMount(mount)
    const unit = this.unit(name)
    if (!unit)
      return name.endsWith('.target')
        ? ok
        : { code: 5, message: `Failed to start ${name}: Unit ${name} not found.` }
    const needed = [...unit.all('Unit', 'Requires'), ...unit.all('Unit', 'BindsTo')].flatMap(value =>
      value.split(/\s+/),
    )
    needed.push(
      ...unit
        .all('Unit', 'RequiresMountsFor')
        .flatMap(value => value.split(/\s+/))
        .flatMap(path => this.mountsFor(path)),
    )
    needed.push(...this.#linked(`${name}.requires`))
    for (const wanted of [
      ...unit.all('Unit', 'Wants').flatMap(value => value.split(/\s+/)),
      ...this.wantedBy(name),
    ])
      if (this.exists(wanted)) await this.start(wanted)
    for (const other of needed) {
      const result = await this.start(other)
      if (result.code !== 0) {
        this.set(name, 'inactive', 'dead', 'dependency')
        this.guest.journal.write(
          name,
          'systemd',
          `Dependency failed for ${name} - ${unit.get('Unit', 'Description') ?? name}.\n${name}: Job ${name}/start failed with result 'dependency'.`,
        )
        return { code: 1, message: `A dependency job for ${name} failed. See 'journalctl -xe' for details.` }
      }
    }
    const failed: Conditions = failedCheck(this.guest, unit)
    if (failed) {
      this.set(name, 'inactive', 'dead', failed.kind === 'Assert' ? 'assert' : 'exec-condition')
      if (failed.kind === 'Condition') {
        this.guest.journal.write(
          name,
          'systemd',
          `${name} - ${unit.get('Unit', 'Description') ?? name} was skipped because of an unmet condition check (${failed.text}).`,
        )
        return ok
      }
      this.guest.journal.write(name, 'systemd', `Starting ${name} failed: assertion ${failed.text} not met.`)
      return { code: 1, message: `Assertion failed on job for ${name}.` }
    }
    if (!name.endsWith('.service')) {
      this.set(name, 'active', name.endsWith('.path') || name.endsWith('.timer') ? 'waiting' : 'active')
      if (name.endsWith('.path')) this.checkPaths()
      return ok
    }
    return startService(this, unit)
  }

  async #startMount(unit: MountUnit): Promise<JobResult> {
    const { guest } = this
    const device = unit.what.startsWith('/dev/') ? `${escapePath(unit.what)}.device` : undefined
    this.set(unit.name, 'activating', 'mounting')
    if (
      device &&
      !guest.deviceAt(unit.what) &&
      !(await this.waitForDevice(device, unit.deviceTimeoutMs, unit.what))
    ) {
      this.set(unit.name, 'inactive', 'dead', 'dependency')
      guest.journal.write(
        unit.name,
        'systemd',
        `${device}: Job ${device}/start timed out.\nTimed out waiting for device ${device} - ${unit.what}.\nDependency failed for ${unit.name} - ${unit.where}.`,
      )
      return {
        code: 1,
        message: `A dependency job for ${unit.name} failed. See 'journalctl -xe' for details.`,
      }
    }
    try {
      if (!guest.vfs.exists(unit.where)) guest.vfs.mkdirs(unit.where)
      const found = guest.deviceAt(unit.what)
      if (found) {
        const { recovered } = guest.mounter.mountVolume(found, unit.where, unit.options, unit.type)
        if (recovered) guest.journal.write('kernel', 'kernel', `EXT4-fs (${found.name}): recovery complete`)
        guest.journal.write(
          'kernel',
          'kernel',
          `EXT4-fs (${found.name}): mounted filesystem ${found.volume.tree?.uuid} r/w with ordered data mode. Quota mode: none.`,
        )
      } else if (unit.type === 'none' || unit.options.includes('bind'))
        guest.mounter.bind(unit.what, unit.where, unit.options)
    } catch (error) {
      if (!(error instanceof MountError)) throw error
      this.set(unit.name, 'failed', 'failed', 'exit-code')
      guest.journal.write(unit.name, 'mount', error.message)
      return { code: 1, message: `Job failed. See "journalctl -xe" for details.` }
    }
    this.set(unit.name, 'active', 'mounted')
    guest.journal.write(unit.name, 'systemd', `Mounted ${unit.name} - ${unit.where}.`)
    await this.#startWanted(unit.name)
    return ok
  }

  /** systemctl stop. Units that require it are stopped first. */
  async stop(name: string): Promise<JobResult> {
    const native = this.native.get(name)
    if (native) {
      native.stop()
      this.set(name, 'inactive', 'dead')
      return ok
    }
    for (const other of this.#dependents(name)) await this.stop(other)
    const mount = name.endsWith('.mount') ? this.mountUnit(name) : undefined
    if (mount) {
      if (!this.guest.vfs.mountAt(mount.where)) return ok
      try {
        this.guest.mounter.unmount(mount.where, {}, this.guest.devices)
        this.set(name, 'inactive', 'dead')
        return ok
      } catch (error) {
        if (!(error instanceof MountError)) throw error
        this.guest.journal.write(name, 'umount', error.message)
        this.set(name, 'active', 'mounted', 'exit-code')
        return {
          code: 1,
          message: `Job for ${name} failed.\nSee "systemctl status ${name}" and "journalctl -xeu ${name}" for details.`,
        }
      }
    }
    if (!this.exists(name) && !this.services.has(name))
      return { code: 5, message: `Failed to stop ${name}: Unit ${name} not loaded.` }
    if (name.endsWith('.service')) await stopService(this, name)
    else this.set(name, 'inactive', 'dead')
    return ok
  }

  /** Active units that have this one in Requires=, BindsTo= or RequiresMountsFor=. */
  #dependents(name: string): string[] {
    return [...this.states.keys()].filter(other => {
      if (other === name || !['active', 'activating'].includes(this.state(other).active)) return false
      const unit = this.unit(other)
      if (!unit) return false
      const needed = [
        ...unit.all('Unit', 'Requires'),
        ...unit.all('Unit', 'BindsTo'),
        ...unit.all('Unit', 'PartOf'),
      ].flatMap(value => value.split(/\s+/))
      const mounts = unit
        .all('Unit', 'RequiresMountsFor')
        .flatMap(value => value.split(/\s+/))
        .flatMap(path => this.mountsFor(path))
      return needed.includes(name) || mounts.includes(name)
    })
  }

  /** Names linked into `X.wants` of a unit, on disk. */
  wantedBy(name: string): string[] {
    return this.#linked(`${name}.wants`)
  }

  #linked(entry: string): string[] {
    return ['/etc/systemd/system', '/usr/lib/systemd/system']
      .map(folder => `${folder}/${entry}`)
      .filter(folder => this.guest.vfs.exists(folder))
      .flatMap(folder => this.guest.vfs.readDir(folder))
  }

  async #startWanted(name: string): Promise<void> {
    for (const wanted of this.wantedBy(name)) await this.start(wanted)
  }

  /** A device has come: wake who waits, start what udev rules and `.wants` ask for, look at path units. */
  deviceAppeared(names: readonly string[], wants: readonly string[]): void {
    for (const waiter of [...this.#deviceWaiters]) waiter()
    const units = [...wants, ...names.flatMap(name => this.wantedBy(`${name}.device`))]
    for (const unit of new Set(units)) void this.start(unit)
    this.checkPaths()
  }

  /** Path units with PathExists= whose path is there start their service. */
  checkPaths(): void {
    for (const [name, state] of this.states) {
      if (!name.endsWith('.path') || state.active !== 'active') continue
      const unit = this.unit(name)
      const paths = [
        ...(unit?.all('Path', 'PathExists') ?? []),
        ...(unit?.all('Path', 'PathExistsGlob') ?? []),
      ]
      if (paths.some(path => this.guest.vfs.exists(path)))
        void this.start(unit?.get('Path', 'Unit') ?? name.replace(/\.path$/, '.service'))
    }
  }

  /** Resolves true when the device is there, false after the time. */
  async waitForDevice(name: string, ms: number, path?: string): Promise<boolean> {
    const there = () => this.deviceOf(name) || (path !== undefined && this.guest.deviceAt(path) !== undefined)
    if (there()) return true
    const timer = new AbortController()
    const arrived = new Promise<boolean>(resolve => {
      const check = () => {
        if (!there()) return
        this.#deviceWaiters.delete(check)
        resolve(true)
      }
      this.#deviceWaiters.add(check)
    })
    const limit =
      ms === Number.POSITIVE_INFINITY
        ? new Promise<boolean>(() => undefined)
        : this.guest.clock.sleep(ms, timer.signal).then(
            () => false,
            () => false,
          )
    const result = await Promise.race([arrived, limit])
    timer.abort()
    return result
  }
}

import { FsError } from '../fs/errno.ts'
import type { Mount, Vfs } from '../fs/vfs.ts'
import type { Device } from '../guest.ts'
import type { Process, ProcessTable } from '../shell/process.ts'
import type { Volume } from './volume.ts'

/** A mount that failed, in the words of mount(8) with its exit code. */
export class MountError extends Error {
  readonly code: number

  constructor(message: string, code = 32) {
    super(message)
    this.code = code
  }
}

/** Mounts volumes into the guest's tree and knows who keeps them busy. */
export class Mounter {
  readonly #vfs: Vfs
  readonly #processes: ProcessTable
  readonly #machine: number
  /** Volumes whose mount point is gone but which somebody still uses (umount -l). */
  readonly lazy = new Set<Volume>()

  constructor(vfs: Vfs, processes: ProcessTable, machine: number) {
    this.#vfs = vfs
    this.#processes = processes
    this.#machine = machine
  }

  volumeOf(mount: Mount, devices: readonly Device[]): Volume | undefined {
    return devices.find(device => device.volume.tree === mount.tree)?.volume
  }

  /** mount(2) of a device. A file system that was not unmounted replays its journal. */
  mountVolume(device: Device, path: string, options: string[], type?: string): { recovered: boolean } {
    const { volume } = device
    const source = `/dev/${device.name}`
    if (!volume.tree) {
      throw new MountError(
        `mount: ${path}: wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.`,
      )
    }
    if (type && type !== 'auto' && type !== volume.tree.type) {
      throw new MountError(
        `mount: ${path}: wrong fs type, bad option, bad superblock on ${source}, missing codepage or helper program, or other error.`,
      )
    }
    const place = this.#vfs.look(path)
    if (!place) throw new MountError(`mount: ${path}: mount point does not exist.`)
    if (place.node.kind !== 'dir') throw new MountError(`mount: ${path}: mount point is not a directory.`)
    if (this.#vfs.mounts.some(mount => mount.tree === volume.tree && mount.path === place.path)) {
      throw new MountError(`mount: ${path}: ${source} already mounted on ${place.path}.`)
    }
    const recovered = volume.needsRecovery && volume.mountedBy === null
    volume.tree.source = source
    volume.tree.gone = false
    const isReadOnly = options.includes('ro')
    this.#vfs.beforeChange?.(place.path)
    this.#vfs.mount(place.path, volume.tree, [
      isReadOnly ? 'ro' : 'rw',
      ...options.filter(option => ['discard', 'noatime', 'nodev', 'nosuid', 'noexec'].includes(option)),
      'relatime',
    ])
    volume.mountedBy = this.#machine
    if (!isReadOnly) volume.needsRecovery = true
    volume.save()
    return { recovered }
  }

  bind(source: string, path: string, options: string[]): Mount {
    const from = this.#vfs.find(source)
    const to = this.#vfs.look(path)
    if (!to) throw new MountError(`mount: ${path}: mount point does not exist.`)
    const inside =
      from.path === from.mount.path
        ? ''
        : from.path.slice(from.mount.path === '/' ? 0 : from.mount.path.length)
    const root = `${from.mount.rootPath === '/' ? '' : from.mount.rootPath}${inside}` || '/'
    return this.#vfs.mount(
      to.path,
      from.mount.tree,
      options.includes('ro') ? ['ro', 'relatime'] : [...from.mount.options],
      { node: from.node, path: root },
    )
  }

  /** Processes with an open file or their working directory below the mount; containers of every namespace too. */
  users(mount: Mount): Process[] {
    const inside = (path: string) => path === mount.path || path.startsWith(`${mount.path}/`)
    return [...this.#processes.all.values()].filter(
      process => inside(process.cwd) || [...process.files.keys()].some(inside),
    )
  }

  /**
   * umount(8). With `lazy` the mount point disappears, but the file system lives on as long as somebody uses it
   * (facts/vm-lab.md §4, verified). @throws MountError 32 `target is busy`
   */
  unmount(
    path: string,
    options: { lazy?: boolean; force?: boolean } = {},
    devices: readonly Device[] = [],
  ): void {
    const mount = this.#vfs.mountAt(path)
    if (!mount) throw new MountError(`umount: ${path}: not mounted.`)
    const below = this.#vfs.mounts.some(
      other => other !== mount && other.path.startsWith(`${mount.path === '/' ? '' : mount.path}/`),
    )
    const isBusy = path === '/' || below || this.users(mount).length > 0
    if (isBusy && !options.lazy) throw new MountError(`umount: ${path}: target is busy.`)
    this.#vfs.beforeChange?.(path)
    const volume = this.volumeOf(mount, devices)
    if (options.lazy)
      for (const other of [...this.#vfs.mounts])
        if (other.path.startsWith(`${mount.path}/`)) this.#vfs.unmount(other)
    this.#vfs.unmount(mount)
    if (!volume || this.#vfs.mounts.some(other => other.tree === volume.tree)) return
    if (isBusy) this.lazy.add(volume)
    else this.settle(volume)
  }

  /** The file system was really unmounted: journal empty, device flushed. */
  settle(volume: Volume): void {
    volume.ledger.stop()
    this.lazy.delete(volume)
    if (!volume.tree?.gone) volume.needsRecovery = false
    volume.mountedBy = null
    volume.save()
  }

  /** After the last user of a lazily unmounted volume went away. */
  settleLazy(isUsed: (volume: Volume) => boolean): void {
    for (const volume of [...this.lazy]) if (!isUsed(volume)) this.settle(volume)
  }

  /** Fails with EROFS etc. like a system call, for programs that write to devices. */
  refuseIfMounted(volume: Volume): void {
    if (volume.mountedBy !== null) throw new FsError('EBUSY', `/dev/${volume.id}`)
  }
}

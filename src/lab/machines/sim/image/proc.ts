import { type FsNode, newNode } from '../fs/node.ts'
import { Tree } from '../fs/tree.ts'
import type { Guest } from '../guest.ts'
import { mountsText } from '../programs/mounting.ts'
import type { Process } from '../shell/process.ts'

const live = (text: () => string): FsNode => newNode('file', 0, { mode: 0o444, live: text })
const folder = (list: () => Map<string, FsNode>): FsNode => newNode('dir', 0, { mode: 0o555, list })

function mountInfo(guest: Guest, process: Process | undefined): string {
  const own = guest.vfs.mounts.map(
    mount =>
      `${mount.id} 1 8:1 ${mount.rootPath} ${mount.path} ${mount.options.join(',')} shared:1 - ${mount.tree.type} ${mount.tree.source} rw\n`,
  )
  if (process && process.namespace !== 1) {
    return [
      '900 1 0:50 / / rw,relatime - overlay overlay rw\n',
      ...guest.cluster.mountsOf(process).map((line, at) => `${901 + at} 900 ${line}\n`),
    ].join('')
  }
  return own.join('')
}

function processFolder(guest: Guest, process: Process): FsNode {
  const comm = (process.argv[0] ?? '').split('/').at(-1) ?? ''
  const entries = new Map<string, FsNode>([
    ['comm', live(() => `${comm.slice(0, 15)}\n`)],
    ['cmdline', live(() => `${process.argv.join('\0')}\0`)],
    ['cgroup', live(() => `0::${process.cgroup}\n`)],
    ['mountinfo', live(() => mountInfo(guest, process))],
    ['mounts', live(() => mountsText(guest))],
    [
      'status',
      live(
        () =>
          `Name:\t${comm}\nState:\tS (sleeping)\nPid:\t${process.pid}\nPPid:\t${process.ppid}\nUid:\t0\t0\t0\t0\n`,
      ),
    ],
    ['stat', live(() => `${process.pid} (${comm}) S ${process.ppid} 0 0 0`)],
    ['cwd', newNode('symlink', 0, { target: process.cwd })],
    ['root', newNode('symlink', 0, { target: '/' })],
    [
      'fd',
      folder(
        () =>
          new Map(
            [...process.files.keys()].map((path, at) => [
              String(at + 3),
              newNode('symlink', 0, { target: path }),
            ]),
          ),
      ),
    ],
    [
      'ns',
      folder(
        () =>
          new Map([['mnt', newNode('symlink', 0, { target: `mnt:[${4026531840 + process.namespace}]` })]]),
      ),
    ],
  ])
  return folder(() => entries)
}

/** /proc: processes, mounts and a few numbers, computed when looked at. */
export function procTree(guest: Guest): Tree {
  const list = () => {
    const entries = new Map<string, FsNode>()
    for (const process of guest.processes.all.values())
      entries.set(String(process.pid), processFolder(guest, process))
    const up = () => ((guest.clock.now() - guest.bootedMs) / 1000).toFixed(2)
    entries.set(
      'mounts',
      live(() => mountsText(guest)),
    )
    entries.set(
      'self',
      folder(
        () =>
          new Map([
            ['mountinfo', live(() => mountInfo(guest, undefined))],
            ['mounts', live(() => mountsText(guest))],
            ['cgroup', live(() => '0::/\n')],
          ]),
      ),
    )
    entries.set(
      'uptime',
      live(() => `${up()} ${up()}\n`),
    )
    entries.set(
      'loadavg',
      live(() => '0.20 0.15 0.10 1/150 2000\n'),
    )
    entries.set(
      'meminfo',
      live(
        () =>
          `MemTotal:       ${guest.spec.memoryGb * 1024 * 1024} kB\nMemAvailable:   ${Math.floor(guest.spec.memoryGb * 1024 * 1024 * 0.6)} kB\nSwapTotal:             0 kB\n`,
      ),
    )
    entries.set(
      'cpuinfo',
      live(() => Array.from({ length: guest.spec.cores }, (_, at) => `processor\t: ${at}\n`).join('\n')),
    )
    entries.set(
      'version',
      live(() => 'Linux version 6.8.0-71-generic\n'),
    )
    entries.set(
      'cmdline',
      live(() => 'BOOT_IMAGE=/boot/vmlinuz root=/dev/sda1 ro console=tty1 console=ttyS0\n'),
    )
    entries.set(
      'swaps',
      live(() => 'Filename\tType\tSize\tUsed\tPriority\n'),
    )
    entries.set(
      'filesystems',
      live(() => 'nodev\tproc\n\text4\nnodev\toverlay\n'),
    )
    return entries
  }
  return new Tree({ type: 'proc', source: 'proc', root: folder(list) })
}

const character = (device: string) => newNode('char', 0, { device, mode: 0o666 })
const block = (device: string) => newNode('block', 0, { device, mode: 0o660 })

/** /dev: the disks that are there right now, with their by-id links. */
export function devTree(guest: Guest): Tree {
  const fixed = new Map<string, FsNode>([
    ['null', character('null')],
    ['zero', character('zero')],
    ['urandom', character('urandom')],
    ['random', character('urandom')],
    ['tty', character('tty')],
    ['console', character('console')],
    ['ttyS0', character('console')],
    ['tty1', character('console')],
    ['kmsg', character('console')],
    ['sda', block('sda')],
    ['sda1', block('sda1')],
    ['stdin', newNode('symlink', 0, { target: '/proc/self/fd/0' })],
    ['stdout', newNode('symlink', 0, { target: '/proc/self/fd/1' })],
    ['stderr', newNode('symlink', 0, { target: '/proc/self/fd/2' })],
    ['shm', newNode('dir', 0)],
  ])
  const visible = () => guest.devices.filter(device => device.visibleAtMs <= guest.clock.now())
  const byId = () => {
    const links = new Map<string, FsNode>([
      ['scsi-0QEMU_QEMU_HARDDISK_drive-scsi0-0-0-0', newNode('symlink', 0, { target: '../../sda' })],
    ])
    for (const device of visible())
      links.set(
        `scsi-0HC_Volume_${device.volume.id}`,
        newNode('symlink', 0, { target: `../../${device.name}` }),
      )
    return links
  }
  const byUuid = () =>
    new Map(
      visible().flatMap(device =>
        device.volume.tree
          ? [[device.volume.tree.uuid, newNode('symlink', 0, { target: `../../${device.name}` })] as const]
          : [],
      ),
    )
  const list = () => {
    const entries = new Map(fixed)
    for (const device of visible()) entries.set(device.name, block(device.name))
    entries.set(
      'disk',
      folder(
        () =>
          new Map([
            ['by-id', folder(byId)],
            ['by-uuid', folder(byUuid)],
          ]),
      ),
    )
    return entries
  }
  return new Tree({ type: 'devtmpfs', source: 'udev', root: folder(list) })
}

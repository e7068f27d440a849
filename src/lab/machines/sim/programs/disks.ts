import { parseArguments } from '../commands/arguments.ts'
import type { Device, Guest } from '../guest.ts'
import type { Program } from '../shell/host.ts'

const rootUuid = '0f2a0000-0000-4000-8000-000000000001'

function blkid(guest: Guest): Program {
  return async call => {
    const { values, flags, rest } = parseArguments(call.args, [
      'o',
      's',
      'L',
      'U',
      't',
      'c',
      'match-tag',
      'output',
    ])
    const devices = guest.devices.filter(device => device.visibleAtMs <= guest.clock.now())
    const byUuid = values.get('U')
    if (byUuid !== undefined) {
      const device = devices.find(one => one.volume.tree?.uuid === byUuid)
      if (!device) return 2
      await call.out(`/dev/${device.name}\n`)
      return 0
    }
    let hit = false
    const paths = rest.length > 0 ? rest : ['/dev/sda1', ...devices.map(device => `/dev/${device.name}`)]
    for (const path of paths) {
      const device = guest.deviceAt(path)
      const tags: Record<string, string> | undefined =
        path === '/dev/sda1'
          ? { LABEL: 'cloudimg-rootfs', UUID: rootUuid, TYPE: 'ext4' }
          : device?.volume.tree
            ? {
                UUID: device.volume.tree.uuid,
                ...(device.volume.tree.label ? { LABEL: device.volume.tree.label } : {}),
                BLOCK_SIZE: '4096',
                TYPE: device.volume.tree.type,
              }
            : undefined
      if (!tags) continue
      hit = true
      const wanted = values.get('s') ?? values.get('match-tag')
      const shown = Object.entries(tags).filter(([key]) => wanted === undefined || key === wanted)
      const format = values.get('o') ?? values.get('output')
      if (format === 'value') await call.out(shown.map(([, value]) => `${value}\n`).join(''))
      else if (format === 'export')
        await call.out(`DEVNAME=${path}\n${shown.map(([key, value]) => `${key}=${value}\n`).join('')}`)
      else if (format === 'device') await call.out(`${path}\n`)
      else await call.out(`${path}: ${shown.map(([key, value]) => `${key}="${value}"`).join(' ')}\n`)
    }
    return hit || (flags.has('p') && paths.length === 0) ? 0 : 2
  }
}

function missing(call: Parameters<Program>[0], path: string): Promise<number> {
  return call.fail(`No such file or directory while trying to open ${path}`, 8)
}

function fsck(guest: Guest): Program {
  return async call => {
    const { flags, rest } = parseArguments(call.args, ['t', 'E', 'b', 'C'])
    const device = guest.deviceAt(rest[0] ?? '')
    if (!device) return missing(call, rest[0] ?? '')
    const { volume } = device
    if (!volume.tree) return call.fail(`Bad magic number in super-block while trying to open ${rest[0]}`, 8)
    await call.out('e2fsck 1.47.0 (5-Feb-2023)\n')
    if (volume.mountedBy === guest.spec.id && !flags.has('n')) {
      await call.out(`${rest[0]} is mounted.\n`)
      return call.fail('Cannot continue, aborting.', 8)
    }
    if (volume.needsRecovery && flags.has('n'))
      await call.out('Warning: skipping journal recovery because doing a read-only filesystem check.\n')
    else if (volume.needsRecovery) {
      await call.out(`${rest[0]}: recovering journal\n`)
      volume.needsRecovery = false
      volume.save()
    }
    await call.out(`${rest[0]}: clean, 12/65536 files, 12955/262144 blocks\n`)
    return 0
  }
}

function mkfs(guest: Guest): Program {
  return async call => {
    const { flags, values, rest } = parseArguments(call.args, ['t', 'L', 'm', 'E', 'O', 'U', 'b', 'i', 'N'])
    const device = guest.deviceAt(rest[0] ?? '')
    if (!device) return call.fail(`The file ${rest[0]} does not exist and no size was specified.`)
    const { volume } = device
    if (volume.mountedBy !== null) return call.fail(`${rest[0]} is mounted; will not make a filesystem here!`)
    if (volume.tree && !flags.has('F') && call.stdin.channel.isTty)
      return call.fail(`${rest[0]} contains a ${volume.tree.type} file system`)
    volume.format(
      call.name.includes('xfs') ? 'xfs' : (values.get('t') ?? 'ext4'),
      values.get('U') ??
        `5a1e${Math.floor(guest.clock.now() / 1000)
          .toString(16)
          .padStart(8, '0')
          .slice(0, 4)}-0000-4000-8000-${String(volume.id).padStart(12, '0')}`,
    )
    if (volume.tree) volume.tree.label = values.get('L') ?? ''
    volume.save()
    if (!flags.has('q'))
      await call.out(
        `mke2fs 1.47.0 (5-Feb-2023)\nCreating filesystem with ${volume.sizeGb * 262144} 4k blocks\nWriting superblocks and filesystem accounting information: done\n`,
      )
    return 0
  }
}

function dumpe2fs(guest: Guest): Program {
  return async call => {
    const path = call.args.filter(argument => !argument.startsWith('-')).at(-1) ?? ''
    const device = guest.deviceAt(path)
    if (!device) return missing(call, path)
    const { volume } = device
    if (!volume.tree) return call.fail(`Bad magic number in super-block while trying to open ${path}`)
    await call.err('dumpe2fs 1.47.0 (5-Feb-2023)\n')
    const features = [
      'has_journal',
      'ext_attr',
      'resize_inode',
      'dir_index',
      'filetype',
      ...(volume.needsRecovery ? ['needs_recovery'] : []),
      'extent',
      '64bit',
      'flex_bg',
      'sparse_super',
      'large_file',
      'huge_file',
      'dir_nlink',
      'extra_isize',
      'metadata_csum',
    ]
    await call.out(
      `Filesystem volume name:   ${volume.tree.label || '<none>'}\nLast mounted on:          /data\nFilesystem UUID:          ${volume.tree.uuid}\nFilesystem magic number:  0xEF53\nFilesystem features:      ${features.join(' ')}\nFilesystem state:         clean\nBlock count:              ${volume.fsGb * 262144}\nBlock size:               4096\n`,
    )
    return 0
  }
}

function resize2fs(guest: Guest): Program {
  return async call => {
    const path = call.args.find(argument => !argument.startsWith('-')) ?? ''
    const device = guest.deviceAt(path)
    if (!device) return missing(call, path)
    const { volume } = device
    await call.err('resize2fs 1.47.0 (5-Feb-2023)\n')
    if (volume.fsGb === volume.sizeGb) {
      await call.out(
        `The filesystem is already ${volume.fsGb * 262144} (4k) blocks long.  Nothing to do!\n\n`,
      )
      return 0
    }
    volume.fsGb = volume.sizeGb
    if (volume.tree) volume.tree.sizeBytes = volume.fsGb * 2 ** 30
    volume.save()
    await call.out(
      `Filesystem at ${path} is mounted on /data; on-line resizing required\nThe filesystem on ${path} is now ${volume.fsGb * 262144} (4k) blocks long.\n\n`,
    )
    return 0
  }
}

function lsblk(guest: Guest): Program {
  return async call => {
    const { flags, values, rest } = parseArguments(call.args, ['o', 'output', 'I', 'e'])
    const columns = (
      values.get('o') ??
      values.get('output') ??
      (flags.has('f') ? 'NAME,FSTYPE,LABEL,UUID,MOUNTPOINTS' : 'NAME,SIZE,RO,TYPE,MOUNTPOINTS')
    )
      .toUpperCase()
      .split(',')
    const mountedAt = (device: Device) =>
      guest.vfs.mounts
        .filter(one => one.tree === device.volume.tree && device.volume.tree)
        .map(one => one.path)
        .join(' ')
    const rows: Record<string, string>[] = [
      {
        NAME: 'sda',
        KNAME: 'sda',
        PATH: '/dev/sda',
        SIZE: '40G',
        RO: '0',
        TYPE: 'disk',
        FSTYPE: '',
        MOUNTPOINTS: '',
        MOUNTPOINT: '',
        SERIAL: 'drive-scsi0-0-0-0',
      },
      {
        NAME: 'sda1',
        KNAME: 'sda1',
        PATH: '/dev/sda1',
        SIZE: '39.9G',
        RO: '0',
        TYPE: 'part',
        FSTYPE: 'ext4',
        UUID: rootUuid,
        MOUNTPOINTS: '/',
        MOUNTPOINT: '/',
      },
      ...guest.devices
        .filter(device => device.visibleAtMs <= guest.clock.now())
        .map(device => ({
          NAME: device.name,
          KNAME: device.name,
          PATH: `/dev/${device.name}`,
          SIZE: `${device.volume.sizeGb}G`,
          RO: '0',
          TYPE: 'disk',
          FSTYPE: device.volume.tree?.type ?? '',
          UUID: device.volume.tree?.uuid ?? '',
          LABEL: device.volume.tree?.label ?? '',
          MOUNTPOINTS: mountedAt(device),
          MOUNTPOINT: mountedAt(device),
          SERIAL: String(device.volume.id),
          VENDOR: 'HC',
          MODEL: 'Volume',
        })),
    ]
    const wanted =
      rest[0] === undefined
        ? rows
        : rows.filter(
            row => row.PATH === rest[0] || row.NAME === (guest.deviceAt(rest[0] as string)?.name ?? ''),
          )
    if (wanted.length === 0) return call.fail(`${rest[0]}: not a block device`, 32)
    if (flags.has('J'))
      await call.out(
        `${JSON.stringify({ blockdevices: wanted.map(row => Object.fromEntries(columns.map(column => [column.toLowerCase(), row[column] ?? null]))) })}\n`,
      )
    else {
      if (!flags.has('n')) await call.out(`${columns.join(' ')}\n`)
      for (const row of wanted)
        await call.out(
          `${columns
            .map(column => row[column] ?? '')
            .join(' ')
            .trimEnd()}\n`,
        )
    }
    return 0
  }
}

function udevadm(guest: Guest): Program {
  return async call => {
    const [verb = ''] = call.args
    const { rest, values } = parseArguments(call.args.slice(1), [
      't',
      'timeout',
      'n',
      'name',
      'q',
      'query',
      'E',
      's',
      'subsystem-match',
      'c',
      'action',
      'exit-if-exists',
    ])
    if (verb === 'settle') {
      const soon = Math.max(0, ...guest.devices.map(device => device.visibleAtMs - guest.clock.now()))
      if (soon > 0)
        await guest.clock.sleep(
          Math.min(soon, 1000 * Number(values.get('t') ?? values.get('timeout') ?? 120)),
          call.signal,
        )
      return 0
    }
    if (verb === 'info') {
      const device = guest.deviceAt(values.get('n') ?? values.get('name') ?? rest[0] ?? '')
      if (!device) return call.fail('Unknown device', 1)
      await call.out(
        `DEVNAME=/dev/${device.name}\nID_SERIAL=0HC_Volume_${device.volume.id}\nID_VENDOR=HC\nID_MODEL=Volume\n`,
      )
    }
    return 0
  }
}

/** Programs about block devices and the file systems on them. */
export function diskPrograms(guest: Guest): Record<string, Program> {
  const check = fsck(guest)
  const make = mkfs(guest)
  return {
    blkid: blkid(guest),
    fsck: check,
    e2fsck: check,
    'fsck.ext4': check,
    mkfs: make,
    'mkfs.ext4': make,
    'mkfs.xfs': make,
    mke2fs: make,
    dumpe2fs: dumpe2fs(guest),
    tune2fs: dumpe2fs(guest),
    resize2fs: resize2fs(guest),
    lsblk: lsblk(guest),
    udevadm: udevadm(guest),
    blockdev: async call => {
      const device = guest.deviceAt(call.args.at(-1) ?? '')
      if (!device) return call.fail(`cannot open ${call.args.at(-1)}: No such file or directory`)
      if (call.args.includes('--getsize64')) await call.out(`${device.volume.sizeGb * 2 ** 30}\n`)
      return 0
    },
    sync: () => {
      guest.flush()
      return 0
    },
    swapoff: () => 0,
    growpart: () => 0,
  }
}

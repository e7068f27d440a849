import { parseArguments } from '../commands/arguments.ts'
import type { Mount } from '../fs/vfs.ts'
import type { Guest } from '../guest.ts'
import type { Call, Program } from '../shell/host.ts'
import { fstabUnits } from '../systemd/fstab.ts'
import { MountError } from '../volumes/mounter.ts'

/** One line of /proc/mounts per mount. */
export function mountsText(guest: Guest): string {
  return guest.vfs.mounts
    .map(mount => `${mount.tree.source} ${mount.path} ${mount.tree.type} ${mount.options.join(',')} 0 0\n`)
    .join('')
}

async function guarded(call: Call, act: () => void): Promise<number> {
  try {
    act()
    return 0
  } catch (error) {
    if (!(error instanceof MountError)) throw error
    await call.err(`${error.message}\n`)
    return error.code
  }
}

function mount(guest: Guest): Program {
  return async call => {
    const { flags, values, all, rest } = parseArguments(call.args, [
      't',
      'o',
      'types',
      'options',
      'L',
      'U',
      'source',
      'target',
    ])
    const options = all('o')
      .concat(all('options'))
      .flatMap(value => value.split(','))
    if (rest.length === 0 && !flags.has('a')) {
      for (const one of guest.vfs.mounts)
        await call.out(`${one.tree.source} on ${one.path} type ${one.tree.type} (${one.options.join(',')})\n`)
      return 0
    }
    if (flags.has('a')) {
      let status = 0
      for (const unit of fstabUnits(guest.vfs).values()) {
        if (guest.vfs.mountAt(unit.where) || unit.options.includes('noauto')) continue
        const code = await mountOne(guest, call, unit.what, unit.where, unit.options, unit.type)
        if (code !== 0 && !(unit.options.includes('nofail') && !guest.deviceAt(unit.what))) status = code
      }
      return status
    }
    if (options.includes('remount')) {
      const target = guest.vfs.mountAt(rest.at(-1) ?? '')
      if (!target) return call.fail(`${rest.at(-1)}: mount point not mounted or bad option.`, 32)
      for (const option of ['ro', 'rw'])
        if (options.includes(option))
          target.options = [option, ...target.options.filter(one => one !== 'ro' && one !== 'rw')]
      return 0
    }
    if (rest.length === 1) {
      const only = (rest[0] as string).replace(/(.)\/$/, '$1')
      const unit = [...fstabUnits(guest.vfs).values()].find(one => one.where === only || one.what === only)
      if (!unit) return call.fail(`${only}: can't find in /etc/fstab.`, 1)
      return mountOne(guest, call, unit.what, unit.where, unit.options, unit.type)
    }
    if (
      options.includes('bind') ||
      options.includes('rbind') ||
      flags.has('bind') ||
      flags.has('B') ||
      flags.has('rbind')
    ) {
      return guarded(call, () => void guest.mounter.bind(rest[0] as string, rest[1] as string, options))
    }
    if (
      flags.has('make-private') ||
      flags.has('make-rshared') ||
      flags.has('make-shared') ||
      flags.has('make-rprivate')
    )
      return 0
    return mountOne(
      guest,
      call,
      rest[0] as string,
      rest[1] as string,
      options,
      values.get('t') ?? values.get('types') ?? 'auto',
    )
  }
}

async function mountOne(
  guest: Guest,
  call: Call,
  what: string,
  where: string,
  options: string[],
  type: string,
): Promise<number> {
  const device = guest.deviceAt(what)
  if (!device) {
    if (/^(tmpfs|proc|sysfs|none)$/.test(type) || options.includes('bind'))
      return guarded(
        call,
        () => void guest.mounter.bind(guest.vfs.exists(what) ? what : where, where, options),
      )
    await call.err(`mount: ${where}: special device ${what} does not exist.\n`)
    return 32
  }
  return guarded(call, () => {
    const { recovered } = guest.mounter.mountVolume(device, where, options, type)
    if (recovered) guest.journal.write('kernel', 'kernel', `EXT4-fs (${device.name}): recovery complete`)
  })
}

function umount(guest: Guest): Program {
  return async call => {
    const { flags, rest } = parseArguments(call.args, ['t', 'O'])
    let status = 0
    for (const given of rest) {
      const device = guest.deviceAt(given)
      const found = device ? guest.vfs.mounts.findLast(one => one.tree === device.volume.tree) : undefined
      const path = found?.path ?? guest.vfs.look(given, call.cwd)?.path ?? given
      const below =
        flags.has('R') || flags.has('recursive')
          ? guest.vfs.mounts
              .filter(one => one.path.startsWith(`${path}/`))
              .reverse()
              .map(one => one.path)
          : []
      for (const target of [...below, path]) {
        const code = await guarded(call, () =>
          guest.mounter.unmount(
            target,
            { lazy: flags.has('l') || flags.has('lazy'), force: flags.has('f') },
            guest.devices,
          ),
        )
        if (code !== 0 && !flags.has('q')) status = code
      }
    }
    return status
  }
}

function selected(guest: Guest, call: Call, rest: string[], byTarget: string | undefined): Mount[] {
  if (byTarget !== undefined) {
    const found = guest.vfs.look(byTarget, call.cwd)
    return found ? [found.mount] : []
  }
  const [first, second] = rest
  if (first === undefined) return [...guest.vfs.mounts]
  const path = guest.vfs.look(second ?? first, call.cwd)?.path ?? first
  const device = guest.deviceAt(first)
  return guest.vfs.mounts.filter(
    one => one.path === path || one.tree.source === first || (device && one.tree === device.volume.tree),
  )
}

function findmnt(guest: Guest): Program {
  return async call => {
    const { flags, values, rest } = parseArguments(call.args, [
      'o',
      't',
      'T',
      'target',
      'S',
      'source',
      'output',
      'O',
      'types',
      'M',
      'mountpoint',
      'N',
    ])
    let found = selected(
      guest,
      call,
      values.has('S') || values.has('source')
        ? [(values.get('S') ?? values.get('source')) as string]
        : values.has('M') || values.has('mountpoint')
          ? [(values.get('M') ?? values.get('mountpoint')) as string]
          : rest,
      values.get('T') ?? values.get('target'),
    )
    if (flags.has('R') || flags.has('submounts'))
      found = found.flatMap(one =>
        guest.vfs.mounts.filter(other => other.path === one.path || other.path.startsWith(`${one.path}/`)),
      )
    const types = (values.get('t') ?? values.get('types'))?.split(',')
    if (types) found = found.filter(one => types.includes(one.tree.type))
    if (found.length === 0) return 1
    const columns = (values.get('o') ?? values.get('output') ?? 'TARGET,SOURCE,FSTYPE,OPTIONS')
      .toUpperCase()
      .split(',')
    const row = (one: Mount): Record<string, string> => ({
      TARGET: one.path,
      SOURCE: one.rootPath === '/' ? one.tree.source : `${one.tree.source}[${one.rootPath}]`,
      FSTYPE: one.tree.type,
      OPTIONS: one.options.join(','),
      FSROOT: one.rootPath,
      UUID: one.tree.uuid,
      SIZE: `${(one.tree.sizeBytes / 2 ** 30).toFixed(1)}G`,
      ID: String(one.id),
    })
    if (flags.has('J') || flags.has('json')) {
      await call.out(
        `${JSON.stringify({ filesystems: found.map(one => Object.fromEntries(columns.map(column => [column.toLowerCase(), row(one)[column] ?? null]))) }, null, 3)}\n`,
      )
      return 0
    }
    if (!flags.has('n') && !flags.has('noheadings')) await call.out(`${columns.join(' ')}\n`)
    for (const one of flags.has('f') ? found.slice(0, 1) : found)
      await call.out(`${columns.map(column => row(one)[column] ?? '').join(' ')}\n`)
    return 0
  }
}

function mountpoint(guest: Guest): Program {
  return async call => {
    const { flags, rest } = parseArguments(call.args)
    const given = rest[0] ?? ''
    const found = guest.vfs.look(given, call.cwd)
    const quiet = flags.has('q') || flags.has('quiet')
    if (!found) return quiet ? 1 : call.fail(`${given}: No such file or directory`)
    const is = found.path === '/' || guest.vfs.mountAt(found.path) !== undefined
    if (!quiet) await call.out(`${given} is ${is ? '' : 'not '}a mountpoint\n`)
    return is ? 0 : 32
  }
}

function fuser(guest: Guest): Program {
  return async call => {
    const { flags, rest } = parseArguments(call.args, ['n', 's'])
    let hit = false
    if (flags.has('v')) await call.err('                     USER        PID ACCESS COMMAND\n')
    for (const given of rest) {
      const path = guest.vfs.look(given, call.cwd)?.path ?? given
      const mount = guest.vfs.mountAt(path)
      const users = (
        mount && flags.has('m')
          ? guest.mounter.users(mount)
          : [...guest.processes.all.values()].filter(
              process => process.files.has(path) || process.cwd === path,
            )
      ).filter(process => process.namespace === 1)
      if (mount && flags.has('v')) await call.err(`${`${given}:`.padEnd(21)}root     kernel mount ${path}\n`)
      for (const process of users) {
        hit = true
        if (flags.has('v'))
          await call.err(
            `${''.padEnd(21)}root      ${process.pid} F.... ${(process.argv[0] ?? '').split('/').at(-1)}\n`,
          )
        else await call.out(` ${process.pid}`)
        if (flags.has('k')) guest.processes.kill(process.pid, 9)
      }
      if (users.length > 0 && !flags.has('v')) await call.out('\n')
    }
    return hit ? 0 : 1
  }
}

function df(guest: Guest): Program {
  return async call => {
    const { flags, values, rest } = parseArguments(call.args, ['t', 'x', 'output', 'B'])
    const list =
      rest.length > 0
        ? rest.flatMap(path => guest.vfs.look(path, call.cwd)?.mount ?? [])
        : guest.vfs.mounts.filter(one => one.tree.sizeBytes > 0)
    if (rest.length > 0 && list.length < rest.length)
      return call.fail(`${rest[0]}: No such file or directory`)
    const unit = flags.has('h')
      ? 2 ** 30
      : values.get('B')?.startsWith('1M') || flags.has('m')
        ? 2 ** 20
        : values.get('B') === '1'
          ? 1
          : values.get('B')?.startsWith('1G')
            ? 2 ** 30
            : 1024
    const show = (bytes: number) =>
      flags.has('h')
        ? `${(bytes / unit).toFixed(bytes < 10 * unit ? 1 : 0)}G`
        : String(Math.floor(bytes / unit))
    const wanted = values.get('output')?.split(',')
    if (wanted) {
      await call.out(
        `${wanted.map(column => ({ source: 'Filesystem', fstype: 'Type', size: '1K-blocks', used: 'Used', avail: 'Avail', pcent: 'Use%', target: 'Mounted on' })[column] ?? column).join(' ')}\n`,
      )
    } else
      await call.out(
        `Filesystem ${flags.has('T') ? 'Type ' : ''}${flags.has('h') ? 'Size' : '1K-blocks'} Used Available Use% Mounted on\n`,
      )
    for (const one of list) {
      const used = Math.floor(one.tree.sizeBytes * (one.path === '/' ? 0.08 : 0.01))
      const fields: Record<string, string> = {
        source: one.tree.source,
        fstype: one.tree.type,
        size: show(one.tree.sizeBytes),
        used: show(used),
        avail: show(one.tree.sizeBytes - used),
        pcent: `${one.path === '/' ? 8 : 1}%`,
        target: one.path,
      }
      const columns = wanted ?? [
        'source',
        ...(flags.has('T') ? ['fstype'] : []),
        'size',
        'used',
        'avail',
        'pcent',
        'target',
      ]
      await call.out(`${columns.map(column => fields[column] ?? '-').join(' ')}\n`)
    }
    return 0
  }
}

/** Programs about mounts and who uses them. */
export function mountingPrograms(guest: Guest): Record<string, Program> {
  return {
    mount: mount(guest),
    umount: umount(guest),
    findmnt: findmnt(guest),
    mountpoint: mountpoint(guest),
    fuser: fuser(guest),
    df: df(guest),
    lsof: fuser(guest),
  }
}

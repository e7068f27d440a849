import { parseArguments } from '../commands/arguments.ts'
import type { Guest } from '../guest.ts'
import { strftime } from '../shell/builtins/printf.ts'
import type { Call, Program } from '../shell/host.ts'
import { signalNumber } from '../shell/process.ts'
import { cgroup } from './service.ts'
import type { JobResult } from './systemd.ts'
import { escapePath, unescapePath, unitNames } from './unit-file.ts'

const aliases: Record<string, string> = { 'sshd.service': 'ssh.service' }

function fullName(name: string): string {
  if (name.startsWith('/') && name.endsWith('.service')) return name.split('/').at(-1) as string
  if (name.startsWith('/'))
    return name.startsWith('/dev/') ? `${escapePath(name)}.device` : `${escapePath(name)}.mount`
  const full = /\.(service|mount|target|path|timer|socket|device|slice|scope)$/.test(name)
    ? name
    : `${name}.service`
  return aliases[full] ?? full
}

/** systemctl over the guest's systemd. */
export function systemctl(guest: Guest): Program {
  const { systemd } = guest
  return async call => {
    const { flags, values, all, rest } = parseArguments(call.args, [
      'p',
      'n',
      's',
      't',
      'property',
      'signal',
      'kill-who',
      'kill-whom',
      'type',
      'state',
      'lines',
      'o',
      'output',
      'job-mode',
      'when',
    ])
    const [verb = 'list-units', ...given] = rest
    const names = given.map(fullName)
    const report = async (results: JobResult[]): Promise<number> => {
      for (const { message } of results) if (message) await call.err(`${message}\n`)
      return results.find(result => result.code !== 0)?.code ?? 0
    }
    const each = async (act: (name: string) => Promise<JobResult>): Promise<number> => {
      const work = Promise.all(names.map(act))
      if (flags.has('no-block')) return 0
      return report(await work)
    }
    const quiet = flags.has('q') || flags.has('quiet')
    switch (verb) {
      case 'start':
        return each(name => systemd.start(name))
      case 'stop':
        return each(name => systemd.stop(name))
      case 'restart':
      case 'try-restart':
      case 'reload-or-restart':
      case 'reload':
        return each(async name => {
          if (verb === 'try-restart' && !systemd.isActive(name)) return { code: 0, message: '' }
          if (!systemd.exists(name))
            return { code: 5, message: `Failed to ${verb} ${name}: Unit ${name} not found.` }
          await systemd.stop(name)
          return systemd.start(name)
        })
      case 'daemon-reload':
      case 'daemon-reexec':
        systemd.daemonReload()
        return 0
      case 'enable':
      case 'disable':
      case 'reenable':
        return enable(guest, call, verb !== 'disable', names, flags.has('now'), quiet)
      case 'mask':
        for (const name of names) {
          const path = `/etc/systemd/system/${name}`
          if (guest.vfs.look(path, '/', false)) guest.vfs.unlink(path)
          guest.vfs.symlink('/dev/null', path)
        }
        return 0
      case 'unmask':
        for (const name of names)
          if (guest.vfs.look(`/etc/systemd/system/${name}`, '/', false)?.node.target === '/dev/null')
            guest.vfs.unlink(`/etc/systemd/system/${name}`)
        return 0
      case 'is-active':
      case 'is-failed': {
        const wanted = verb === 'is-active' ? 'active' : 'failed'
        let hit = false
        for (const name of names) {
          const state = systemd.isActive(name)
            ? 'active'
            : systemd.state(name).active === 'active'
              ? 'inactive'
              : systemd.state(name).active
          hit ||= state === wanted
          if (!quiet) await call.out(`${state}\n`)
        }
        return hit
          ? 0
          : verb === 'is-active' && names.some(name => !systemd.exists(name))
            ? 4
            : verb === 'is-active'
              ? 3
              : 1
      }
      case 'is-enabled': {
        let status = 1
        for (const name of names) {
          const state = !systemd.exists(name)
            ? 'not-found'
            : isEnabled(guest, name)
              ? 'enabled'
              : systemd.unit(name)?.get('Install', 'WantedBy')
                ? 'disabled'
                : 'static'
          if (state === 'not-found')
            await call.err(`Failed to get unit file state for ${name}: No such file or directory\n`)
          else if (!quiet) await call.out(`${state}\n`)
          if (state === 'enabled' || state === 'static') status = 0
        }
        return status
      }
      case 'is-system-running': {
        const failed = [...systemd.states.values()].some(state => state.active === 'failed')
        const word = guest.cloudInit.status === 'running' ? 'starting' : failed ? 'degraded' : 'running'
        await call.out(`${word}\n`)
        return word === 'running' ? 0 : 1
      }
      case 'show':
        return show(
          guest,
          call,
          names,
          [...all('p'), ...all('property')].flatMap(value => value.split(',')),
          flags.has('value'),
        )
      case 'status':
        return status(guest, call, names, Number(values.get('n') ?? values.get('lines') ?? 10))
      case 'kill': {
        const signal = signalNumber(values.get('s') ?? values.get('signal') ?? 'TERM') ?? 15
        const who = values.get('kill-who') ?? values.get('kill-whom') ?? 'all'
        let code = 0
        for (const name of names) {
          if (!systemd.exists(name)) {
            await call.err(`Failed to kill unit ${name}: Unit ${name} not loaded.\n`)
            code = 5
            continue
          }
          const main = systemd.services.get(name)?.main
          const targets = who === 'main' ? (main ? [main] : []) : cgroup(systemd, name)
          for (const process of targets) guest.processes.kill(process.pid, signal)
        }
        return code
      }
      case 'reset-failed':
        for (const state of systemd.states.values())
          if (state.active === 'failed')
            Object.assign(state, { active: 'inactive', sub: 'dead', result: 'success' })
        return 0
      case 'cat':
        for (const name of names) {
          const unit = systemd.unit(name)
          if (!unit) return call.fail(`No files found for ${name}.`)
          for (const path of [unit.path, ...unit.dropIns])
            await call.out(`# ${path}\n${guest.vfs.readText(path)}\n`)
        }
        return 0
      case 'list-units':
      case 'list-unit-files': {
        const known = [
          ...new Set([...systemd.native.keys(), ...systemd.mounts.keys(), ...unitNames(guest.vfs)]),
        ]
        const wantedState = values.get('state')
        for (const name of known) {
          const state = systemd.isActive(name) ? 'active' : systemd.state(name).active
          if (flags.has('failed') && state !== 'failed') continue
          if (wantedState && state !== wantedState) continue
          await call.out(`${name} loaded ${state} ${systemd.state(name).sub}\n`)
        }
        return 0
      }
      case 'poweroff':
      case 'halt':
        guest.shutDown('off')
        return 0
      case 'reboot':
      case 'kexec':
        guest.shutDown('reboot')
        return 0
      case 'list-jobs':
        await call.out('No jobs running.\n')
        return 0
      case 'set-default':
      case 'isolate':
      case 'preset':
        return 0
      default:
        await call.err(`Unknown command verb '${verb}', did you mean 'start'?\n`)
        return 1
    }
  }
}

function isEnabled(guest: Guest, name: string): boolean {
  if (guest.systemd.native.has(name)) return true
  const folder = '/etc/systemd/system'
  return guest.vfs
    .readDir(folder)
    .some(
      entry => /\.(wants|requires)$/.test(entry) && guest.vfs.look(`${folder}/${entry}/${name}`, '/', false),
    )
}

async function enable(
  guest: Guest,
  call: Call,
  on: boolean,
  names: string[],
  now: boolean,
  quiet: boolean,
): Promise<number> {
  const { systemd, vfs } = guest
  for (const name of names) {
    const unit = systemd.unit(name)
    if (!unit && !systemd.native.has(name)) {
      await call.err(`Failed to ${on ? 'enable' : 'disable'} unit: Unit file ${name} does not exist.\n`)
      return 1
    }
    const links = [
      ...(unit?.all('Install', 'WantedBy') ?? [])
        .flatMap(value => value.split(/\s+/))
        .map(target => `${target}.wants`),
      ...(unit?.all('Install', 'RequiredBy') ?? [])
        .flatMap(value => value.split(/\s+/))
        .map(target => `${target}.requires`),
    ]
    if (unit && links.length === 0 && on && !quiet)
      await call.err(
        'The unit files have no installation config (WantedBy=, RequiredBy=, UpheldBy=,\nAlso=, or Alias= settings in the [Install] section, and DefaultInstance= for\ntemplate units). This means they are not meant to be enabled or disabled using systemctl.\n',
      )
    for (const folder of links) {
      const path = `/etc/systemd/system/${folder}/${name}`
      const there = vfs.look(path, '/', false)
      if (on && !there) {
        vfs.mkdirs(`/etc/systemd/system/${folder}`)
        vfs.symlink(unit?.path ?? '', path)
        if (!quiet) await call.err(`Created symlink ${path} → ${unit?.path}.\n`)
      } else if (!on && there) {
        vfs.unlink(path)
        if (!quiet) await call.err(`Removed "${path}".\n`)
      }
    }
    systemd.daemonReload()
    if (now) {
      const result = on ? await systemd.start(name) : await systemd.stop(name)
      if (result.message) await call.err(`${result.message}\n`)
      if (result.code !== 0) return result.code
    }
  }
  return 0
}

async function show(
  guest: Guest,
  call: Call,
  names: string[],
  wanted: string[],
  valueOnly: boolean,
): Promise<number> {
  const { systemd } = guest
  for (const name of names) {
    const state = systemd.state(name)
    const main = systemd.services.get(name)?.main
    const isActive = systemd.isActive(name)
    const mount = systemd.mountUnit(name)
    const unit = systemd.unit(name)
    const fields: Record<string, string> = {
      Id: name,
      LoadState: systemd.exists(name) ? 'loaded' : 'not-found',
      ActiveState: isActive ? 'active' : state.active === 'active' ? 'inactive' : state.active,
      SubState: mount ? (isActive ? 'mounted' : 'dead') : state.sub,
      Result: state.result,
      MainPID: String(main && guest.processes.all.has(main.pid) ? main.pid : 0),
      ExecMainStatus: String(state.status),
      NRestarts: String(state.restarts),
      UnitFileState: isEnabled(guest, name) ? 'enabled' : 'disabled',
      FragmentPath: unit?.path ?? (mount ? '/run/systemd/generator' : ''),
      DropInPaths: unit?.dropIns.join(' ') ?? '',
      Where: mount ? unescapePath(name.replace(/\.mount$/, '')) : '',
      ActiveEnterTimestamp: state.since ? strftime('%a %F %T UTC', state.since) : '',
      ActiveEnterTimestampMonotonic: String(Math.max(0, (state.since - guest.bootedMs) * 1000)),
      Requires: [
        ...(unit?.all('Unit', 'Requires') ?? []),
        ...(unit?.all('Unit', 'RequiresMountsFor') ?? []).flatMap(path => systemd.mountsFor(path)),
      ].join(' '),
    }
    for (const [key, value] of Object.entries(fields)) {
      if (wanted.length > 0 && !wanted.includes(key)) continue
      await call.out(valueOnly ? `${value}\n` : `${key}=${value}\n`)
    }
  }
  return 0
}

async function status(guest: Guest, call: Call, names: string[], lines: number): Promise<number> {
  const { systemd } = guest
  let code = 0
  for (const name of names) {
    if (!systemd.exists(name)) {
      await call.err(`Unit ${name} could not be found.\n`)
      code = 4
      continue
    }
    const state = systemd.state(name)
    const active = systemd.isActive(name) ? 'active' : state.active
    const unit = systemd.unit(name)
    await call.out(
      `● ${name} - ${unit?.get('Unit', 'Description') ?? name}\n     Loaded: loaded (${unit?.path ?? 'generated'}; ${isEnabled(guest, name) ? 'enabled' : 'disabled'})\n     Active: ${active} (${state.sub})${active === 'failed' ? ` (Result: ${state.result})` : ''}\n`,
    )
    for (const entry of guest.journal.entries.filter(one => one.unit === name).slice(-lines))
      await call.out(
        `${strftime('%b %d %T', entry.ms)} ${guest.hostname()} ${entry.name}[${entry.pid}]: ${entry.text}\n`,
      )
    if (active !== 'active') code = 3
  }
  return code
}

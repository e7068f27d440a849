import { runProgram } from '../shell/exec.ts'
import { Killed, type Process } from '../shell/process.ts'
import { defaultPath } from '../shell/shell.ts'
import { nullChannel, OpenFile, sinkChannel } from '../shell/streams.ts'
import type { JobResult, Systemd } from './systemd.ts'
import { timeSpanMs, type UnitFile, words } from './unit-file.ts'

/** A service that runs: its main process, and how it says that it is ready. */
export type Service = {
  unit: UnitFile
  main: Process | undefined
  done: Promise<number>
  stopping: boolean
  ready: () => void
}

function environment(systemd: Systemd, unit: UnitFile): Record<string, string> {
  const env: Record<string, string> = { PATH: defaultPath, LANG: 'C.UTF-8' }
  const add = (text: string) => {
    const at = text.indexOf('=')
    if (at > 0) env[text.slice(0, at)] = text.slice(at + 1).replace(/^(["'])(.*)\1$/, '$2')
  }
  for (const line of unit.all('Service', 'Environment')) for (const word of words(line)) add(word)
  for (const value of unit.all('Service', 'EnvironmentFile')) {
    const path = value.replace(/^-/, '')
    if (systemd.guest.vfs.exists(path))
      for (const line of systemd.guest.vfs.readText(path).split('\n')) if (!line.startsWith('#')) add(line)
  }
  return env
}

async function run(
  systemd: Systemd,
  unit: UnitFile,
  line: string,
  started?: (process: Process) => void,
): Promise<number> {
  const { guest } = systemd
  const plain = line.replace(/^[-@:+!]+/, '')
  const env = environment(systemd, unit)
  const argv = words(plain).flatMap(word => {
    const whole = /^\$\{?(\w+)\}?$/.exec(word)
    if (whole && !word.includes('{')) return (env[whole[1] as string] ?? '').split(/\s+/).filter(Boolean)
    return [word.replace(/\$\{(\w+)\}/g, (_, name: string) => env[name] ?? '')]
  })
  const name = (argv[0] ?? '').split('/').at(-1) ?? ''
  let pid = 1
  let rest = ''
  const output = sinkChannel(data => {
    const text = rest + data.toString('utf8')
    const end = text.lastIndexOf('\n') + 1
    rest = text.slice(end)
    if (end > 0) guest.journal.write(unit.name, name, text.slice(0, end), { pid })
  })
  const out = new OpenFile(output)
  const status = await runProgram(guest, argv, {
    env,
    cwd: unit.get('Service', 'WorkingDirectory')?.replace(/^-/, '') ?? '/',
    fds: new Map([
      [0, new OpenFile(nullChannel)],
      [1, out],
      [2, out],
    ]),
    cgroup: `/system.slice/${unit.name}`,
    started: process => {
      pid = process.pid
      started?.(process)
    },
    complain: async message => guest.journal.write(unit.name, 'systemd', message),
  })
  if (rest) guest.journal.write(unit.name, name, rest, { pid })
  return line.startsWith('-') ? 0 : status
}

function failure(systemd: Systemd, unit: UnitFile, status: number): JobResult {
  const { guest } = systemd
  systemd.set(unit.name, 'failed', 'failed', status > 128 ? 'signal' : 'exit-code')
  systemd.state(unit.name).status = status
  guest.journal.write(
    unit.name,
    'systemd',
    `${unit.name}: Main process exited, code=exited, status=${status}/${status === 1 ? 'FAILURE' : 'n/a'}\n${unit.name}: Failed with result 'exit-code'.\nFailed to start ${unit.name} - ${unit.get('Unit', 'Description') ?? unit.name}.`,
  )
  return {
    code: 1,
    message: `Job for ${unit.name} failed because the control process exited with error code.\nSee "systemctl status ${unit.name}" and "journalctl -xeu ${unit.name}" for details.`,
  }
}

/** Starts a service as its Type= says: a oneshot is waited for, a notify service until it says it is ready. */
export async function startService(systemd: Systemd, unit: UnitFile): Promise<JobResult> {
  const { guest } = systemd
  const title = unit.get('Unit', 'Description') ?? unit.name
  const type = unit.get('Service', 'Type') ?? 'simple'
  systemd.set(unit.name, 'activating', 'start')
  guest.journal.write(unit.name, 'systemd', `Starting ${unit.name} - ${title}...`)
  for (const line of unit.all('Service', 'ExecStartPre')) {
    const status = await run(systemd, unit, line)
    if (status !== 0) return failure(systemd, unit, status)
  }
  if (type === 'oneshot') {
    for (const line of unit.all('Service', 'ExecStart')) {
      const status = await run(systemd, unit, line, process =>
        systemd.services.set(unit.name, {
          unit,
          main: process,
          done: Promise.resolve(0),
          stopping: false,
          ready: () => undefined,
        }),
      )
      if (status !== 0) return failure(systemd, unit, status)
    }
    const remains = /^(yes|true|1)$/i.test(unit.get('Service', 'RemainAfterExit') ?? 'no')
    systemd.set(unit.name, remains ? 'active' : 'inactive', remains ? 'exited' : 'dead')
    guest.journal.write(unit.name, 'systemd', `Finished ${unit.name} - ${title}.`)
    return { code: 0, message: '' }
  }
  let ready: () => void = () => undefined
  const notified = new Promise<void>(resolve => {
    ready = resolve
  })
  const service: Service = { unit, main: undefined, done: Promise.resolve(0), stopping: false, ready }
  systemd.services.set(unit.name, service)
  service.done = run(systemd, unit, unit.get('Service', 'ExecStart') ?? '', process => {
    service.main = process
  })
  const ended = service.done.then(status => ({ status }))
  const first =
    type === 'notify'
      ? await Promise.race([notified, ended])
      : await Promise.race([guest.clock.sleep(guest.vary(50)), ended])
  if (first && (type === 'notify' || first.status !== 0)) {
    scheduleRestart(systemd, service, first.status)
    return failure(systemd, unit, first.status)
  }
  systemd.set(unit.name, 'active', 'running')
  guest.journal.write(unit.name, 'systemd', `Started ${unit.name} - ${title}.`)
  for (const line of unit.all('Service', 'ExecStartPost')) await run(systemd, unit, line)
  void ended.then(({ status }) => exited(systemd, service, status))
  return { code: 0, message: '' }
}

function exited(systemd: Systemd, service: Service, status: number): void {
  const { unit } = service
  if (service.stopping || systemd.services.get(unit.name) !== service) return
  const clean = status === 0 || status === 143
  systemd.set(
    unit.name,
    clean ? 'inactive' : 'failed',
    clean ? 'dead' : 'failed',
    clean ? 'success' : status > 128 ? 'signal' : 'exit-code',
  )
  systemd.state(unit.name).status = status
  systemd.guest.journal.write(
    unit.name,
    'systemd',
    clean
      ? `${unit.name}: Deactivated successfully.`
      : `${unit.name}: Main process exited, status=${status}.\n${unit.name}: Failed with result 'exit-code'.`,
  )
  scheduleRestart(systemd, service, status)
}

function scheduleRestart(systemd: Systemd, service: Service, status: number): void {
  const { unit } = service
  const policy = unit.get('Service', 'Restart') ?? 'no'
  const again = policy === 'always' || (policy.startsWith('on-') && policy !== 'on-success' && status !== 0)
  if (!again || systemd.stopping) return
  const state = systemd.state(unit.name)
  const ms = timeSpanMs(unit.get('Service', 'RestartSec') ?? '100ms')
  const { guest } = systemd
  void guest.clock.sleep(Math.max(ms, 100)).then(() => {
    if (
      systemd.stopping ||
      service.stopping ||
      state.active === 'active' ||
      systemd.services.get(unit.name) !== service
    )
      return
    state.restarts += 1
    guest.journal.write(
      unit.name,
      'systemd',
      `${unit.name}: Scheduled restart job, restart counter is at ${state.restarts}.`,
    )
    return systemd.start(unit.name)
  })
}

/** Stops a service: ExecStop, then SIGTERM to the main process or the whole cgroup, as KillMode= says. */
export async function stopService(systemd: Systemd, name: string): Promise<void> {
  const { guest } = systemd
  const service = systemd.services.get(name)
  if (!service || !['active', 'activating'].includes(systemd.state(name).active)) {
    if (service) service.stopping = true
    systemd.set(name, 'inactive', 'dead')
    return
  }
  service.stopping = true
  const { unit } = service
  systemd.set(name, 'deactivating', 'stop-sigterm')
  guest.journal.write(name, 'systemd', `Stopping ${name} - ${unit.get('Unit', 'Description') ?? name}...`)
  for (const line of unit.all('Service', 'ExecStop')) await run(systemd, unit, line)
  const mode = unit.get('Service', 'KillMode') ?? 'control-group'
  const members = mode === 'control-group' ? cgroup(systemd, name) : service.main ? [service.main] : []
  for (const process of members) guest.processes.kill(process.pid, 15)
  const limit = new AbortController()
  const late = guest.clock
    .sleep(Math.min(timeSpanMs(unit.get('Service', 'TimeoutStopSec') ?? '90s'), 2 ** 31), limit.signal)
    .then(
      () => service.main?.abort.abort(new Killed(9)),
      () => undefined,
    )
  await service.done
  limit.abort()
  await late
  const left = cgroup(systemd, name)
  if (left.length > 0)
    guest.journal.write(
      name,
      'systemd',
      left
        .map(
          process =>
            `${name}: Unit process ${process.pid} (${process.argv[0]?.split('/').at(-1)}) remains running after unit stopped.`,
        )
        .join('\n'),
    )
  systemd.set(name, 'inactive', 'dead')
  guest.journal.write(
    name,
    'systemd',
    `${name}: Deactivated successfully.\nStopped ${name} - ${unit.get('Unit', 'Description') ?? name}.`,
  )
}

/** Processes in the control group of a unit, also of one that is stopped. */
export function cgroup(systemd: Systemd, name: string): Process[] {
  const path = `/system.slice/${name}`
  return [...systemd.guest.processes.all.values()].filter(
    process => process.cgroup === path || process.cgroup.startsWith(`${path}/`),
  )
}

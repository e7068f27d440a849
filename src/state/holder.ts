import { execFile } from 'node:child_process'
import { readFile, readlink } from 'node:fs/promises'
import { hostname } from 'node:os'
import { promisify } from 'node:util'

/** Who holds the lock. Pid and start time together name one process for good: pids are used again. */
export type Holder = {
  pid: number
  host: string
  /** Pid namespace on Linux, else empty: a container's pids mean nothing outside it. */
  pids: string
  /** When the process started, in the system's own words; compared, never shown. */
  started: string
  command: string
  /** ISO time. */
  since: string
}

/** This process as a holder. */
export async function holderOf(command: string, now: Date): Promise<Holder> {
  const started = (await startOf(process.pid)) ?? 'unknown'
  return {
    pid: process.pid,
    host: hostname(),
    pids: await pidNamespace(),
    started,
    command,
    since: now.toISOString(),
  }
}

/** Whether the holder still runs. A process on another host or in another container cannot be seen and counts as alive. */
export async function isAlive(holder: Holder): Promise<boolean> {
  if (holder.host !== hostname() || holder.pids !== (await pidNamespace())) return true
  const started = await startOf(holder.pid)
  return started === undefined ? isHidden(holder.pid) : started === holder.started
}

/** Whether a process is there that this user may not look at (another user's, under hidepid). */
function isHidden(pid: number): boolean {
  try {
    process.kill(pid, 0)
    return false
  } catch (error) {
    return (error as NodeJS.ErrnoException).code === 'EPERM'
  }
}

async function pidNamespace(): Promise<string> {
  return process.platform === 'linux' ? readlink('/proc/self/ns/pid') : ''
}

/** Start of a process, or undefined when there is none (a zombie is none). */
async function startOf(pid: number): Promise<string | undefined> {
  return process.platform === 'linux' ? startByProc(pid) : startByPs(pid)
}

/** Boot id and start in ticks since boot. Fields of /proc/PID/stat: proc_pid_stat(5); the name in brackets may hold anything. */
async function startByProc(pid: number): Promise<string | undefined> {
  try {
    const [stat, boot] = await Promise.all([
      readFile(`/proc/${pid}/stat`, 'latin1'),
      readFile('/proc/sys/kernel/random/boot_id', 'latin1'),
    ])
    const fields = stat.slice(stat.lastIndexOf(')') + 2).split(' ')
    const [state, startTicks] = [fields[0], fields[19]]
    return state === 'Z' || state === 'X' ? undefined : `${boot.trim()} ${startTicks}`
  } catch (error) {
    const { code } = error as NodeJS.ErrnoException
    if (code === 'ENOENT' || code === 'ESRCH') return undefined
    throw error
  }
}

async function startByPs(pid: number): Promise<string | undefined> {
  try {
    const { stdout } = await promisify(execFile)('ps', ['-o', 'stat=,lstart=', '-p', String(pid)], {
      env: { ...process.env, LC_ALL: 'C', TZ: 'UTC' },
    })
    const [state = '', ...start] = stdout.trim().split(/\s+/)
    return state === '' || state.startsWith('Z') ? undefined : start.join(' ')
  } catch (error) {
    // ps ends with 1 when there is no such process.
    if ((error as { code?: unknown }).code === 1) return undefined
    throw error
  }
}

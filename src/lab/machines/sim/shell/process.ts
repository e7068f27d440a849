/** What a process dies of when another one kills it. */
export class Killed extends Error {
  readonly signal: number

  constructor(signal: number) {
    super(`killed by signal ${signal}`)
    this.signal = signal
  }
}

export type Process = {
  pid: number
  ppid: number
  argv: string[]
  startedMs: number
  abort: AbortController
  cwd: string
  /** Paths it holds open, with a count. */
  files: Map<string, number>
  cgroup: string
  /** Mount namespace: 1 is the host's. */
  namespace: number
  /** Signals that do nothing to it (nohup, trap ''). */
  ignored: Set<number>
  /** What its shell does with a signal instead of dying of it. */
  handlers: Map<number, () => void>
}

/** The table of processes. A process that computes is a promise elsewhere; here is what others see of it. */
export class ProcessTable {
  readonly all = new Map<number, Process>()
  #next: number
  #now: () => number

  constructor(now: () => number, firstPid = 600) {
    this.#now = now
    this.#next = firstPid
  }

  spawn(
    options: Partial<Pick<Process, 'ppid' | 'argv' | 'cwd' | 'cgroup' | 'namespace' | 'pid'>> = {},
  ): Process {
    this.#next += 1
    const pid = options.pid ?? this.#next
    const parent = this.all.get(options.ppid ?? 1)
    const process: Process = {
      pid,
      ppid: options.ppid ?? 1,
      argv: options.argv ?? [],
      startedMs: this.#now(),
      abort: new AbortController(),
      cwd: options.cwd ?? '/',
      files: new Map(),
      cgroup: options.cgroup ?? parent?.cgroup ?? '/system.slice',
      namespace: options.namespace ?? 1,
      ignored: new Set(parent?.ignored),
      handlers: new Map(),
    }
    this.all.set(pid, process)
    return process
  }

  /** The process has ended; what it left running becomes init's. */
  remove(process: Process): void {
    this.all.delete(process.pid)
    for (const child of this.all.values()) if (child.ppid === process.pid) child.ppid = 1
  }

  /** kill(2). False when there is no such process. */
  kill(pid: number, signal: number): boolean {
    const process = this.all.get(pid)
    if (!process) return false
    if (signal === 0) return true
    if (signal !== 9 && process.ignored.has(signal)) return true
    const handler = process.handlers.get(signal)
    if (handler && signal !== 9) handler()
    else process.abort.abort(new Killed(signal))
    return true
  }

  /** The process and its descendants, deepest first; who ignores the signal keeps his family. */
  killTree(pid: number, signal: number, except = false): void {
    const process = this.all.get(pid)
    if (!process || process.ignored.has(signal)) return
    for (const child of [...this.all.values()]) if (child.ppid === pid) this.killTree(child.pid, signal)
    if (!except) this.kill(pid, signal)
  }
}

/** Numbers of the signals by name, without SIG. */
export const signals: Record<string, number> = {
  HUP: 1,
  INT: 2,
  QUIT: 3,
  KILL: 9,
  USR1: 10,
  USR2: 12,
  PIPE: 13,
  ALRM: 14,
  TERM: 15,
  CONT: 18,
  STOP: 19,
}

/** `TERM`, `SIGTERM`, `15` → 15; undefined for no signal. */
export function signalNumber(name: string): number | undefined {
  if (/^\d+$/.test(name)) return Number(name)
  return signals[name.toUpperCase().replace(/^SIG/, '')]
}

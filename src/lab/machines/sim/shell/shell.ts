import type { Function as FunctionNode, SyntaxNode } from 'unbash'
import type { Host } from './host.ts'
import { type Process, ProcessTable } from './process.ts'
import type { OpenFile } from './streams.ts'
import { Variables } from './variables.ts'

/** How control leaves a place in a script early. */
export class Leave extends Error {
  readonly kind: 'break' | 'continue' | 'return' | 'exit'
  /** Exit code, or levels of loops. */
  readonly count: number

  constructor(kind: Leave['kind'], count: number) {
    super(kind)
    this.kind = kind
    this.count = count
  }
}

/** An expansion or redirection that failed: printed as bash would, ends the command (or the script when fatal). */
export class ShellError extends Error {
  readonly status: number
  readonly fatal: boolean

  constructor(message: string, options: { status?: number; fatal?: boolean } = {}) {
    super(message)
    this.status = options.status ?? 1
    this.fatal = options.fatal ?? false
  }
}

export type ShellFunction = { node: FunctionNode; source: string; file: string }
export type Job = { pid: number; done: Promise<number>; status: number | undefined }

/** Everything one bash process knows. Evaluated by `evaluate.ts`. */
export class Shell {
  readonly host: Host
  process: Process
  vars: Variables
  functions = new Map<string, ShellFunction>()
  params: string[] = []
  /** $0, and the name that starts error messages. */
  name: string
  /** Letters and names of `set`: `e`, `u`, `x`, `pipefail` … */
  options = new Set<string>(['h', 'B'])
  shopt = new Set<string>()
  traps = new Map<string, string>()
  fds: Map<number, OpenFile>
  cwd: string
  ownsProcess = true
  status = 0
  /** Above 0 inside conditions, where errexit and ERR do nothing. */
  guard = 0
  loops = 0
  /** Files being sourced, where `return` is allowed. */
  sourced = 0
  calls: { name: string; line: number }[] = []
  jobs: Job[] = []
  lastBackground: number | undefined
  pipeStatus: number[] = [0]
  /** The text being evaluated, for line numbers. */
  source = ''
  line = 1
  /** Line of an eval or trap inside its caller. */
  lineBase = 0
  command = ''
  lastArgument = ''
  substitutionStatus: number | undefined
  startedMs: number
  optPosition = 0
  interactive = false
  /** Runs a `-c` text and not a file: some exit codes differ. */
  commandString = false
  subshellDepth = 0
  inTrap = false
  /** Process substitutions of the command being run. */
  substitutions: { fd: number; done: Promise<number> }[] = []
  /** Traps of signals that arrived and have not run yet. */
  pending: string[] = []

  constructor(
    host: Host,
    options: { process: Process; name: string; fds: Map<number, OpenFile>; env?: Record<string, string> },
  ) {
    this.host = host
    this.process = options.process
    this.cwd = options.process.cwd
    this.name = options.name
    this.fds = options.fds
    this.vars = new Variables()
    this.startedMs = host.clock.now()
    for (const [name, value] of Object.entries(options.env ?? {})) {
      this.vars.set(name, value)
      this.vars.ensure(name).exported = true
    }
    this.vars.set('IFS', ' \t\n')
    this.vars.set('OPTIND', '1')
    this.vars.set('PWD', this.process.cwd)
    this.vars.ensure('PWD').exported = true
    if (this.vars.get('PATH') === undefined) this.vars.set('PATH', defaultPath)
  }

  /** Changes the working directory; a subshell that shares its process leaves the process where it is. */
  changeDirectory(path: string): void {
    this.cwd = path
    if (this.ownsProcess) this.process.cwd = path
  }

  get signal(): AbortSignal {
    return this.process.abort.signal
  }

  /** A copy that shares nothing but the machine and the open files. */
  subshell(process: Process = this.process): Shell {
    const child = new Shell(this.host, { process, name: this.name, fds: this.copyFds() })
    child.cwd = this.cwd
    child.ownsProcess = process !== this.process
    child.vars = this.vars.clone()
    child.functions = new Map(this.functions)
    child.params = [...this.params]
    child.options = new Set(this.options)
    child.shopt = new Set(this.shopt)
    child.status = this.status
    child.guard = this.guard
    child.calls = [...this.calls]
    child.lastBackground = this.lastBackground
    child.source = this.source
    child.line = this.line
    child.lineBase = this.lineBase
    child.startedMs = this.startedMs
    child.lastArgument = this.lastArgument
    child.commandString = this.commandString
    child.subshellDepth = this.subshellDepth + 1
    if (this.options.has('errtrace')) {
      const trap = this.traps.get('ERR')
      if (trap !== undefined) child.traps.set('ERR', trap)
    }
    return child
  }

  copyFds(): Map<number, OpenFile> {
    return new Map([...this.fds].map(([fd, file]) => [fd, file.retain()]))
  }

  closeFds(): void {
    for (const file of this.fds.values()) file.release()
    this.fds.clear()
  }

  at(node: SyntaxNode): void {
    let line = 1
    for (let index = 0; index < node.pos; index += 1) if (this.source.charCodeAt(index) === 10) line += 1
    this.line = line + this.lineBase
  }

  async write(fd: number, text: string): Promise<void> {
    const file = this.fds.get(fd)
    if (file) await file.write(text, this.signal)
  }

  /** `/path/script: line 3: message`, on standard error. */
  async complain(message: string): Promise<void> {
    const where = this.interactive ? this.name : `${this.name}: line ${this.line}`
    await this.write(2, `${where}: ${message}\n`)
  }
}

export const defaultPath = '/usr/local/sbin:/usr/local/bin:/usr/sbin:/usr/bin:/sbin:/bin'

/** A table of processes for a shell without a machine (tests). */
export function loneProcess(now: () => number): { table: ProcessTable; process: Process } {
  const table = new ProcessTable(now)
  return { table, process: table.spawn({ argv: ['bash'] }) }
}

import type { Clock } from '../../../clock.ts'
import type { Vfs } from '../fs/vfs.ts'
import type { Process, ProcessTable } from './process.ts'
import type { OpenFile } from './streams.ts'

/** A simulated program: reads its arguments and streams, changes the machine, returns an exit code. */
export type Program = (call: Call) => Promise<number> | number

/** What a program is given when it is run. */
export type Call = {
  name: string
  /** Without the name. */
  args: string[]
  env: Record<string, string>
  cwd: string
  stdin: OpenFile
  stdout: OpenFile
  stderr: OpenFile
  process: Process
  signal: AbortSignal
  host: Host
  out(text: string | Buffer): Promise<void>
  err(text: string): Promise<void>
  /** Prints `name: message` and gives 1, or the code. */
  fail(message: string, code?: number): Promise<number>
  /** Runs another program with these streams (or others) and waits for it. */
  run(argv: string[], options?: RunOptions): Promise<number>
}

export type RunOptions = {
  env?: Record<string, string>
  cwd?: string
  stdin?: OpenFile
  stdout?: OpenFile
  stderr?: OpenFile
  /** Called with the process before it runs. */
  started?: (process: Process) => void
  cgroup?: string
}

/** The part of a machine that every shell and program needs. */
export type Host = {
  readonly vfs: Vfs
  readonly clock: Clock
  readonly processes: ProcessTable
  readonly programs: ReadonlyMap<string, Program>
  hostname(): string
}

import { FsError } from '../fs/errno.ts'
import { bytesOf } from '../fs/node.ts'
import type { Call, Host, RunOptions } from './host.ts'
import { Killed, type Process } from './process.ts'
import { runScript } from './script.ts'
import { defaultPath, Shell } from './shell.ts'
import { nullChannel, OpenFile } from './streams.ts'

/** First bytes of a program that this machine has in TypeScript; the name follows. */
export const programMark = '\x7fELF sim '

export type Start = {
  env: Record<string, string>
  cwd: string
  fds: ReadonlyMap<number, OpenFile>
  parent?: Process
  cgroup?: string | undefined
  started?: ((process: Process) => void) | undefined
  /** Where `command not found` is printed. */
  complain(message: string): Promise<void>
}

/** The path of a program as execvp finds it, or undefined. */
export function which(host: Host, name: string, path: string, cwd: string): string | undefined {
  if (name.includes('/')) return host.vfs.exists(name, cwd) ? name : undefined
  for (const folder of path.split(':')) {
    const candidate = `${folder || '.'}/${name}`
    const node = host.vfs.look(candidate, cwd)?.node
    if (node?.kind === 'file' && (node.mode & 0o111) !== 0) return candidate
  }
  return undefined
}

async function refuse(start: Start, message: string, status: number): Promise<number> {
  await start.complain(message)
  return status
}

/**
 * fork, execve and wait: runs a file of the virtual file system, script or program. Gives the exit code:
 * 127 not found, 126 not executable, 128+n killed by signal n.
 */
export async function runProgram(host: Host, argv: string[], start: Start): Promise<number> {
  const name = argv[0] ?? ''
  const path = which(host, name, start.env.PATH ?? defaultPath, start.cwd)
  if (!path) {
    return refuse(
      start,
      name.includes('/') ? `${name}: No such file or directory` : `${name}: command not found`,
      127,
    )
  }
  const { node } = host.vfs.find(path, start.cwd)
  if (node.kind === 'dir') return refuse(start, `${name}: Is a directory`, 126)
  if ((node.mode & 0o111) === 0) return refuse(start, `${name}: Permission denied`, 126)
  const text = bytesOf(node).toString('utf8')
  if (text.startsWith('#!')) {
    const [interpreter, ...rest] = text
      .slice(2, text.indexOf('\n') < 0 ? undefined : text.indexOf('\n'))
      .trim()
      .split(/\s+/)
    if (!interpreter || !host.vfs.exists(interpreter)) {
      return refuse(start, `${name}: ${interpreter}: bad interpreter: No such file or directory`, 126)
    }
    return runProgram(host, [interpreter, ...rest, path, ...argv.slice(1)], start)
  }
  if (!text.startsWith(programMark)) {
    return runProgram(host, ['/bin/bash', path, ...argv.slice(1)], start)
  }
  return runMarked(host, text.slice(programMark.length).split(/\s/)[0] as string, argv, start)
}

async function runMarked(host: Host, program: string, argv: string[], start: Start): Promise<number> {
  const main = host.programs.get(program)
  if (!main) return refuse(start, `${argv[0]}: cannot execute binary file: Exec format error`, 126)
  const process = host.processes.spawn({
    argv,
    cwd: start.cwd,
    ...(start.parent ? { ppid: start.parent.pid } : {}),
    ...(start.cgroup ? { cgroup: start.cgroup } : {}),
  })
  start.started?.(process)
  const missing = new OpenFile(nullChannel)
  const call = makeCall(host, argv, start, process, missing)
  for (const file of start.fds.values()) {
    const path = file.channel.path
    if (path) process.files.set(path, (process.files.get(path) ?? 0) + 1)
  }
  try {
    return await main(call)
  } catch (error) {
    if (process.abort.signal.aborted) {
      const reason: unknown = process.abort.signal.reason
      return reason instanceof Killed ? 128 + reason.signal : 137
    }
    if (error instanceof Killed) return 128 + error.signal
    if (error instanceof FsError) {
      if (error.errno === 'EPIPE') return 141
      await call.err(`${call.name}: ${error.path}: ${error.message}\n`)
      return 1
    }
    throw error
  } finally {
    host.processes.remove(process)
  }
}

function makeCall(host: Host, argv: string[], start: Start, process: Process, missing: OpenFile): Call {
  const stdin = start.fds.get(0) ?? missing
  const stdout = start.fds.get(1) ?? missing
  const stderr = start.fds.get(2) ?? missing
  const name = (argv[0] ?? '').split('/').at(-1) as string
  const { signal } = process.abort
  const err = (text: string) => stderr.write(text, signal)
  return {
    name,
    args: argv.slice(1),
    env: start.env,
    cwd: start.cwd,
    stdin,
    stdout,
    stderr,
    process,
    signal,
    host,
    out: text => stdout.write(text, signal),
    err,
    async fail(message, code = 1) {
      await err(`${name}: ${message}\n`)
      return code
    },
    run: (inner: string[], options: RunOptions = {}) =>
      runProgram(host, inner, {
        env: options.env ?? start.env,
        cwd: options.cwd ?? process.cwd,
        fds: new Map([
          ...start.fds,
          [0, options.stdin ?? stdin],
          [1, options.stdout ?? stdout],
          [2, options.stderr ?? stderr],
        ]),
        parent: process,
        cgroup: options.cgroup,
        started: options.started,
        complain: message => err(`${name}: ${message}\n`),
      }),
  }
}

/** A shell process that runs a text: `bash -c`, a runcmd script, an SSH exec. Gives the exit code. */
export async function runShell(
  host: Host,
  text: string,
  start: Omit<Start, 'complain'> & {
    name?: string
    args?: string[]
    options?: string[]
    commandString?: boolean
  },
): Promise<number> {
  const process = host.processes.spawn({
    argv: ['bash', '-c', text],
    cwd: start.cwd,
    ...(start.parent ? { ppid: start.parent.pid } : {}),
    ...(start.cgroup ? { cgroup: start.cgroup } : {}),
  })
  start.started?.(process)
  const shell = new Shell(host, {
    process,
    name: start.name ?? 'bash',
    fds: new Map([...start.fds].map(([fd, file]) => [fd, file.retain()])),
    env: start.env,
  })
  shell.commandString = start.commandString ?? false
  shell.params = start.args ?? []
  for (const option of start.options ?? []) shell.options.add(option)
  try {
    return await runScript(shell, text)
  } finally {
    host.processes.remove(process)
  }
}

import type { Readable, Writable } from 'node:stream'
import type { ClientChannel } from 'ssh2'
import { throwIfAborted } from '../errors.ts'
import { type Exit, type Line, open } from './channel.ts'

/** A terminal, or a pipe that only looks like a part of one. */
export type InputStream = Readable & { isTTY?: boolean; setRawMode?: (raw: boolean) => unknown }
export type OutputStream = Writable & { isTTY?: boolean; columns?: number; rows?: number }

export type InteractiveOptions = {
  /** Without it a login shell. */
  command?: string | undefined
  stdin: InputStream
  stdout: OutputStream
  stderr: Writable
  /** Name of the terminal, as in TERM; default xterm-256color. */
  term?: string | undefined
  signal?: AbortSignal | undefined
}

/** Connects a command or shell with the given streams; with a terminal at both ends it gets one too, of the same size. */
export async function interactive(line: Line, options: InteractiveOptions): Promise<Exit> {
  const { stdin, stdout, stderr, signal } = options
  throwIfAborted(signal)
  const end = signal ? AbortSignal.any([line.lost, signal]) : line.lost
  const terminal = Boolean(stdin.isTTY && stdout.isTTY)
  const { channel, closed } = await open(line, done => request(line, options, terminal, done), end)
  const disconnect = terminal ? adopt(channel, stdin, stdout) : () => undefined
  channel.pipe(stdout, { end: false })
  channel.stderr.pipe(stderr, { end: false })
  stdin.pipe(channel)
  try {
    return await closed
  } catch (error) {
    throwIfAborted(signal)
    throw error
  } finally {
    stdin.unpipe(channel)
    stdin.pause()
    disconnect()
  }
}

function request(
  { client }: Line,
  { command, stdout, term = 'xterm-256color' }: InteractiveOptions,
  terminal: boolean,
  done: (error: Error | undefined, channel: ClientChannel) => void,
) {
  const pty = { term, cols: stdout.columns ?? 80, rows: stdout.rows ?? 24, width: 0, height: 0 }
  if (command === undefined) return client.shell(terminal ? pty : false, done)
  return client.exec(command, terminal ? { pty } : {}, done)
}

/** Keys go through unread, and the remote side follows the size of the window. Returns how to undo it. */
function adopt(channel: ClientChannel, stdin: InputStream, stdout: OutputStream): () => void {
  const resize = () => channel.setWindow(stdout.rows ?? 24, stdout.columns ?? 80, 0, 0)
  stdin.setRawMode?.(true)
  stdout.on('resize', resize)
  return () => {
    stdin.setRawMode?.(false)
    stdout.off('resize', resize)
  }
}

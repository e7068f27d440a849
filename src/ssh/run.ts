import { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import type { Client, ClientChannel } from 'ssh2'
import { messageOf, throwIfAborted } from '../errors.ts'
import { SshError } from './errors.ts'

export type RunOptions = {
  /** Sent and then closed; without it the command sees an empty input. */
  stdin?: string | Buffer | Readable | undefined
  signal?: AbortSignal | undefined
  timeoutMs?: number | undefined
  /** Text as it comes, in pieces that may end within a line. */
  onStdout?: ((text: string) => void) | undefined
  onStderr?: ((text: string) => void) | undefined
  /** False for commands that talk for hours: the result then holds no output. */
  keepOutput?: boolean | undefined
}

export type RunResult = {
  command: string
  /** Null when a signal ended it. */
  code: number | null
  /** `SIGKILL` … */
  signal?: string
  stdout: string
  stderr: string
}

/** An open connection: the client, how to name it, and the signal that says that it is gone. */
export type Line = { client: Client; target: string; lost: AbortSignal }

/** Runs a command and collects what it says. A failing command is a result, not an error: see `mustSucceed`. */
export async function run(line: Line, command: string, options: RunOptions = {}): Promise<RunResult> {
  const { stdin, signal, timeoutMs, keepOutput = true } = options
  throwIfAborted(signal)
  const deadline = timeoutMs === undefined ? undefined : AbortSignal.timeout(Math.ceil(timeoutMs))
  const input = new AbortController()
  if (stdin instanceof Readable) stdin.once('error', error => input.abort(error))
  const ends = [line.lost, input.signal, signal, deadline].filter(each => each !== undefined)
  try {
    return await exchange(line, command, options, AbortSignal.any(ends), keepOutput)
  } catch (error) {
    throwIfAborted(signal)
    if (deadline?.aborted && !line.lost.aborted) throw tookTooLong(line, command, timeoutMs)
    throw error
  }
}

async function exchange(
  line: Line,
  command: string,
  { stdin, onStdout, onStderr }: RunOptions,
  end: AbortSignal,
  keepOutput: boolean,
): Promise<RunResult> {
  const { channel, closed } = await open(line, done => line.client.exec(command, done), end)
  const stdout = collect(channel, keepOutput, onStdout)
  const stderr = collect(channel.stderr, keepOutput, onStderr)
  if (stdin instanceof Readable) stdin.pipe(channel)
  else channel.end(stdin ?? '')
  return { command, ...(await closed), stdout: stdout(), stderr: stderr() }
}

/** A command that runs, and how it will have ended. */
export type Running = { channel: ClientChannel; closed: Promise<Exit> }
export type Exit = { code: number | null; signal?: string }

/** Starts something, or fails when the connection or the caller's patience ends first. */
export function open(
  { target, lost }: Line,
  ask: (done: (error: Error | undefined, channel: ClientChannel) => void) => Client,
  end: AbortSignal,
): Promise<Running> {
  const { promise, resolve, reject } = Promise.withResolvers<Running>()
  if (end.aborted) return Promise.reject(end.reason)
  const stop = () => reject(end.reason)
  end.addEventListener('abort', stop, { once: true })
  try {
    ask((error, channel) => {
      if (error) reject(lost.aborted ? lost.reason : refusedChannel(target, error))
      else if (end.aborted) channel.close()
      // Listened to from the first moment on: the end of a quick command may be in the same packet as its start.
      else resolve({ channel, closed: closing(target, channel, end) })
    })
  } catch (error) {
    reject(gone(target, messageOf(error)))
  }
  return promise.finally(() => end.removeEventListener('abort', stop))
}

/** How the command ended. A connection that goes away after the exit code has come does not matter any more. */
function closing(target: string, channel: ClientChannel, end: AbortSignal): Promise<Exit> {
  const { promise, resolve, reject } = Promise.withResolvers<Exit>()
  let exit: Exit | undefined
  const finish = (otherwise: unknown) => (exit ? resolve(exit) : reject(otherwise))
  const stop = () => {
    finish(end.reason)
    channel.signal('TERM')
    channel.close()
  }
  end.addEventListener('abort', stop, { once: true })
  channel.on('exit', (code: number | null, signal?: string) => {
    exit = signal === undefined ? { code } : { code, signal }
  })
  channel.on('error', (error: Error) => finish(gone(target, messageOf(error))))
  channel.on('close', () => finish(gone(target, 'the command was cut off')))
  return promise.finally(() => end.removeEventListener('abort', stop))
}

function collect(
  stream: Readable,
  keep: boolean,
  onText: ((text: string) => void) | undefined,
): () => string {
  const chunks: Buffer[] = []
  const decoder = new StringDecoder('utf8')
  stream.on('data', (chunk: Buffer) => {
    if (keep) chunks.push(chunk)
    onText?.(decoder.write(chunk))
  })
  return () => Buffer.concat(chunks).toString('utf8')
}

function gone(target: string, why: string): SshError {
  return new SshError(`The SSH connection to ${target} broke off: ${why}.`, {
    code: 'ssh-dropped',
    hint: 'Run the command again: what was done already is not done twice.',
  })
}

function refusedChannel(target: string, cause: Error): SshError {
  return new SshError(`${target} refused to run a command: ${cause.message}.`, {
    code: 'ssh-refused',
    hint: 'Look at the server: cosmos status',
    cause,
  })
}

function tookTooLong({ target }: Line, command: string, timeoutMs: number | undefined): SshError {
  return new SshError(
    `A command on ${target} did not end within ${(timeoutMs ?? 0) / 1000} seconds: ${command}`,
    {
      code: 'ssh-timeout',
      hint: 'Look at the server: cosmos ssh',
    },
  )
}

import { Readable } from 'node:stream'
import { StringDecoder } from 'node:string_decoder'
import { throwIfAborted } from '../errors.ts'
import { type Line, open } from './channel.ts'
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

/**
 * Runs a command and collects what it says. A failing command is a result, not an error: see `mustSucceed`.
 * One that is aborted or takes too long is let go of; the server may go on with it.
 */
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

function tookTooLong({ target }: Line, command: string, timeoutMs: number | undefined): SshError {
  return new SshError(
    `A command on ${target} did not end within ${(timeoutMs ?? 0) / 1000} seconds: ${command}`,
    {
      code: 'ssh-timeout',
      hint: 'Look at the server: cosmos ssh',
    },
  )
}

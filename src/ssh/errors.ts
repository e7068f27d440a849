import { CosmosError, type ErrorOptions } from '../errors.ts'
import type { RunResult } from './run.ts'

/**
 * `ssh-refused`: nobody answers there. `ssh-timeout`: no answer in time. `ssh-dropped`: the connection broke off.
 * `ssh-auth`: our key is not accepted. `ssh-host-key`: not the machine that was pinned; nothing was sent to it.
 */
export type SshErrorCode = 'ssh-refused' | 'ssh-timeout' | 'ssh-dropped' | 'ssh-auth' | 'ssh-host-key'

export class SshError extends CosmosError {
  declare readonly code: SshErrorCode

  constructor(message: string, options: ErrorOptions & { code: SshErrorCode }) {
    super(message, options)
  }
}

/** Lines of output that a failed command shows. */
const tailLines = 15

/** A command ran on the server and failed. The command is in the message as it can be pasted. */
export class RemoteCommandError extends CosmosError {
  readonly command: string
  /** Null when a signal ended it. */
  readonly remoteExitCode: number | null
  readonly stdout: string
  readonly stderr: string

  constructor({ command, code, signal, stdout, stderr }: RunResult) {
    const end = signal === undefined ? `with exit code ${code}` : `by ${signal}`
    super(`A command on the server ended ${end}: ${command}`, {
      code: 'remote-command',
      hint: `Try it there: cosmos ssh -- ${quote(command)}`,
      details: tail(stderr.trim() === '' ? stdout : stderr),
    })
    this.command = command
    this.remoteExitCode = code
    this.stdout = stdout
    this.stderr = stderr
  }
}

/** The result, when the command succeeded. @throws RemoteCommandError otherwise. */
export function mustSucceed(result: RunResult): RunResult {
  if (result.code === 0) return result
  throw new RemoteCommandError(result)
}

function tail(output: string): string[] {
  const lines = output.trimEnd().split('\n')
  return lines.length === 1 && lines[0] === '' ? [] : lines.slice(-tailLines)
}

/** One word for a POSIX shell. */
export function quote(word: string): string {
  return /^[\w./:@%+=,-]+$/.test(word) ? word : `'${word.replaceAll("'", `'\\''`)}'`
}

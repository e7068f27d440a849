import type { Client } from 'ssh2'
import type { Exit, Line } from './channel.ts'
import { SshError } from './errors.ts'
import { type InteractiveOptions, interactive } from './interactive.ts'
import { type RunOptions, type RunResult, run } from './run.ts'
import { upload } from './upload.ts'

/** A connection to a server that has proved who it is. */
export type SshSession = {
  /** A command that fails is a result; a connection that fails is an SshError. */
  run(command: string, options?: RunOptions): Promise<RunResult>
  /** @param mode as for chmod: `0o600` */
  upload(path: string, content: string | Buffer, mode: number, signal?: AbortSignal): Promise<void>
  /** A command or shell on the given streams, with a terminal when they are one. */
  interactive(options: InteractiveOptions): Promise<Exit>
  /** True until closed or dropped. */
  isOpen(): boolean
  close(): void
}

export function session(client: Client, target: string, lost: AbortSignal): SshSession {
  const closing = new AbortController()
  const line: Line = { client, target, lost: AbortSignal.any([lost, closing.signal]) }
  return {
    run: (command, options) => run(line, command, options),
    upload: (path, content, mode, signal) => upload(line, path, content, mode, signal),
    interactive: options => interactive(line, options),
    isOpen: () => !line.lost.aborted,
    close() {
      closing.abort(new SshError(`The SSH connection to ${target} was closed.`, { code: 'ssh-dropped' }))
      client.end()
    },
  }
}

import type { Client, ClientChannel } from 'ssh2'
import { messageOf } from '../errors.ts'
import { droppedError } from './connect-error.ts'
import { SshError } from './errors.ts'

/** An open connection: the client, how to name it, and the signal that says that it is gone. */
export type Line = { client: Client; target: string; lost: AbortSignal }

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
    reject(droppedError(target, messageOf(error)))
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
    channel.close()
  }
  end.addEventListener('abort', stop, { once: true })
  channel.on('exit', (code: number | null, signal?: string) => {
    exit = signal === undefined ? { code } : { code, signal }
  })
  channel.on('error', (error: Error) => finish(droppedError(target, messageOf(error))))
  channel.on('close', () => finish(droppedError(target, 'the command was cut off')))
  return promise.finally(() => end.removeEventListener('abort', stop))
}

function refusedChannel(target: string, cause: Error): SshError {
  return new SshError(`${target} refused to run a command: ${cause.message}.`, {
    code: 'ssh-refused',
    hint: 'Look at the server: cosmos status',
    cause,
  })
}

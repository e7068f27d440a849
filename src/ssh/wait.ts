import { setTimeout } from 'node:timers/promises'
import { messageOf, throwIfAborted } from '../errors.ts'
import { type ConnectOptions, connect } from './connect.ts'
import { SshError } from './errors.ts'
import type { SshSession } from './session.ts'

export type WaitOptions = Omit<ConnectOptions, 'timeoutMs'> & {
  /** How long to try, from now, milliseconds. */
  deadlineMs: number
  /** Told why an attempt failed, before the next. */
  onAttempt?: ((reason: string) => void) | undefined
  /** How long a refused login is borne (keys are written while the machine boots); default 20 s. */
  authGraceMs?: number | undefined
  /** Between attempts; default 500 ms. */
  pauseMs?: number | undefined
}

/** A single attempt gets longer each time: packets to a machine that is not up yet just vanish. */
const firstAttemptMs = 4000
const longestAttemptMs = 15_000

/**
 * Connects to a machine that is still booting: tries until it answers with the pinned key.
 * @throws SshError `ssh-host-key` at once, `ssh-auth` after the grace, `ssh-timeout` at the deadline.
 */
export async function waitForSsh(options: WaitOptions): Promise<SshSession> {
  const { deadlineMs, onAttempt, signal, authGraceMs = 20_000, pauseMs = 500 } = options
  const end = performance.now() + deadlineMs
  let attemptMs = firstAttemptMs
  let deniedSince: number | undefined
  for (;;) {
    const leftMs = end - performance.now()
    try {
      return await connect({ ...options, timeoutMs: Math.max(1, Math.min(attemptMs, leftMs)) })
    } catch (error) {
      if (!(error instanceof SshError) || error.code === 'ssh-host-key') throw error
      const now = performance.now()
      deniedSince = error.code === 'ssh-auth' ? (deniedSince ?? now) : undefined
      if (deniedSince !== undefined && now - deniedSince >= authGraceMs) throw error
      if (now + pauseMs >= end) throw deniedSince === undefined ? tooLate(options, error) : error
      onAttempt?.(error.message)
      attemptMs = Math.min(attemptMs * 1.5, longestAttemptMs)
    }
    await pause(pauseMs, signal)
  }
}

async function pause(ms: number, signal: AbortSignal | undefined): Promise<void> {
  try {
    await setTimeout(ms, undefined, signal && { signal })
  } catch (error) {
    throwIfAborted(signal)
    throw error
  }
}

function tooLate({ host, port, deadlineMs }: WaitOptions, last: SshError): SshError {
  return new SshError(`${host}:${port} did not answer SSH within ${Math.round(deadlineMs / 1000)} seconds.`, {
    code: 'ssh-timeout',
    hint: 'Is the server on, and does the firewall admit your address? See: cosmos status',
    details: [`The last attempt: ${messageOf(last)}`],
    cause: last,
  })
}

import { setTimeout as delay } from 'node:timers/promises'
import { CosmosError, exitCodes, throwIfAborted } from '../../errors.ts'
import { isDrop } from '../machine.ts'

export type PollOptions<T> = {
  signal: AbortSignal
  /** Milliseconds between two looks. */
  intervalMs: number
  /** Milliseconds from now after which it counts as failed. */
  deadlineMs: number
  look: () => Promise<T>
  isDone: (seen: T) => boolean
  /** Says what is still missing; used for progress and, after the deadline, for the error. */
  describe: (seen: T) => string
  onLook?: (text: string) => void
  /** What is being waited for: "the node to be Ready". */
  what: string
  hint: string
  /** Evidence for the error after the deadline. */
  details?: (seen: T) => readonly string[]
}

/** Looks again and again until it is so. A dropped connection is only a look that saw nothing. A time-out is a failure. */
export async function poll<T>(options: PollOptions<T>): Promise<T> {
  const until = Date.now() + options.deadlineMs
  let seen: { value: T } | undefined
  let lost: unknown
  for (;;) {
    throwIfAborted(options.signal)
    try {
      seen = { value: await options.look() }
      lost = undefined
      if (options.isDone(seen.value)) return seen.value
      options.onLook?.(options.describe(seen.value))
    } catch (error) {
      if (!isDrop(error)) throw error
      lost = error
      options.onLook?.('connection lost, trying again')
    }
    if (Date.now() >= until) throw tooLate(options, seen, lost)
    await pause(options.intervalMs, options.signal)
  }
}

async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    throwIfAborted(signal)
    throw error
  }
}

function tooLate<T>(options: PollOptions<T>, seen: { value: T } | undefined, lost: unknown): CosmosError {
  const state = seen === undefined ? 'nothing was seen' : options.describe(seen.value)
  const minutes = Math.max(1, Math.round(options.deadlineMs / 60_000))
  return new CosmosError(`Waited ${minutes} min for ${options.what}: ${state}.`, {
    code: 'not-ready-in-time',
    hint: options.hint,
    exitCode: exitCodes.unhealthy,
    cause: lost,
    details: seen === undefined ? [] : (options.details?.(seen.value) ?? []),
  })
}

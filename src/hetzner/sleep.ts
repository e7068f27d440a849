import { setTimeout } from 'node:timers/promises'
import { throwIfAborted } from '../errors.ts'

export type Sleep = (ms: number, signal?: AbortSignal | undefined) => Promise<void>

/** Waits; rejects at once with what the signal was aborted with. */
export const sleep: Sleep = async (ms, signal) => {
  try {
    await setTimeout(ms, undefined, signal && { signal })
  } catch (error) {
    throwIfAborted(signal)
    throw error
  }
}

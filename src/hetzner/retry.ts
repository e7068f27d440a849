import { throwIfAborted } from '../errors.ts'
import { HetznerError } from './errors.ts'
import type { Answer, Request } from './request.ts'
import { backoffMs, patienceFor } from './retry-policy.ts'
import type { Sleep } from './sleep.ts'

/** One try of a call. @param attempt counts from 1 */
export type Attempt = (request: Request, signal: AbortSignal | undefined, attempt: number) => Promise<Answer>

export type RetryOptions = {
  sleep: Sleep
  random: () => number
  onRetry?: ((note: { reason: string; waitMs: number }) => void) | undefined
}

/** Tries a call until it succeeds, fails for good, or patience ends; then the last failure is thrown. */
export async function withRetry(
  attemptOnce: Attempt,
  request: Request,
  signal: AbortSignal | undefined,
  { sleep, random, onRetry }: RetryOptions,
): Promise<Answer> {
  let waitedMs = 0
  for (let attempt = 1; ; attempt++) {
    throwIfAborted(signal)
    try {
      return await attemptOnce(request, signal, attempt)
    } catch (error) {
      const patience = error instanceof HetznerError ? patienceFor(error, request) : undefined
      if (patience === undefined) throw error
      const waitMs = backoffMs(patience, attempt, random())
      if (attempt >= patience.attempts || waitedMs + waitMs > patience.budgetMs) throw error
      onRetry?.({ reason: patience.reason, waitMs })
      await sleep(waitMs, signal)
      waitedMs += waitMs
    }
  }
}

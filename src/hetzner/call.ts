import { readAnswer } from './answer.ts'
import { rateLimit } from './rate-limit.ts'
import type { Call } from './request.ts'
import { type Attempt, type RetryOptions, withRetry } from './retry.ts'
import type { Transport } from './transport.ts'

/** One HTTP exchange, for logs and counters. `status` is 0 when there was no answer. */
export type CallNote = { method: string; path: string; status: number; attempt: number; durationMs: number }

export type CallOptions = RetryOptions & {
  token: string
  now: () => number
  onCall?: ((call: CallNote) => void) | undefined
}

/** The chain: retry → rate limit → note → transport → read the answer. */
export function callThrough(transport: Transport, options: CallOptions): Call {
  const { token, now, onCall, sleep } = options
  const limit = rateLimit(now)
  const redact = (text: string) => (token.length < 8 ? text : text.replaceAll(token, '[token]'))
  const attemptOnce: Attempt = async (request, signal, attempt) => {
    const pauseMs = limit.pauseMs()
    if (pauseMs > 0) await sleep(pauseMs, signal)
    const { method, path } = request
    const startedAt = now()
    let status = 0
    try {
      const reply = await transport(request, signal)
      status = reply.status
      limit.note(reply.header)
      return readAnswer(reply, request, redact)
    } finally {
      onCall?.({ method, path, status, attempt, durationMs: now() - startedAt })
    }
  }
  return (request, signal) => withRetry(attemptOnce, request, signal, options)
}

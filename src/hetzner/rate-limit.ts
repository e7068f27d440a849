/** Below this many calls left we go at the pace of the refill. */
const lowMark = 10

export type RateLimit = {
  /** Learns from the headers of an answer. */
  note(header: (name: string) => string | undefined): void
  /** How long to hold the next call back, in milliseconds; reserves its place in the queue. */
  pauseMs(): number
}

/**
 * Slows down while the project's budget is nearly used up: one call per refill (3600 an hour, one a second).
 * `RateLimit-Reset` says when the bucket is *full* again, so it is never waited for (facts §4).
 * @param now milliseconds, from any start.
 */
export function rateLimit(now: () => number): RateLimit {
  let left = Number.POSITIVE_INFINITY
  let perSecond = 1
  let seenAt = 0
  let nextFreeAt = 0
  return {
    note(header) {
      const remaining = Number(header('ratelimit-remaining') ?? Number.NaN)
      const limit = Number(header('ratelimit-limit') ?? Number.NaN)
      if (!Number.isFinite(remaining)) return
      left = remaining
      seenAt = now()
      if (limit > 0) perSecond = limit / 3600
    },
    pauseMs() {
      const time = now()
      const refilled = ((time - seenAt) / 1000) * perSecond
      if (left + refilled >= lowMark) return 0
      nextFreeAt = Math.max(nextFreeAt, time) + 1000 / perSecond
      return nextFreeAt - time
    },
  }
}

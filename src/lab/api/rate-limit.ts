import type { Clock } from '../clock.ts'

export type RateLimit = {
  /** Takes one request; false when the bucket is empty. Headers say where it stands. */
  take(): { allowed: boolean; headers: Record<string, string> }
}

/**
 * A bucket of requests that refills by one a second of lab time. `RateLimit-Reset` is when the bucket would be full again.
 * Source: OpenAPI text, "Rate limiting" · documented: 3,600 an hour and project, bursts allowed, refill 1/s.
 */
export function rateLimit(clock: Clock, size: () => number): RateLimit {
  let left = size()
  let at = clock.now()
  return {
    take() {
      const now = clock.now()
      left = Math.min(size(), left + Math.max(0, now - at) * (size() / 3_600_000))
      at = now
      const allowed = left >= 1
      if (allowed) left -= 1
      const full = Math.ceil(now / 1000 + ((size() - left) / size()) * 3600)
      return {
        allowed,
        headers: {
          'RateLimit-Limit': String(size()),
          'RateLimit-Remaining': String(Math.floor(left)),
          'RateLimit-Reset': String(full),
        },
      }
    },
  }
}

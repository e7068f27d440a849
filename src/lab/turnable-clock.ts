import type { Clock } from './clock.ts'

/** A clock one can turn: scaled against real time, or standing still and stepped by hand. */
export type TurnableClock = Clock & {
  /** Lab seconds per real second from now on; 0 stops the clock. */
  setSpeed(speed: number): void
  /** Moves time on by that much and lets everything that falls due on the way happen, in order. */
  step(ms: number): Promise<void>
  /** Forgets every sleeper and timer; nothing sleeps afterwards. */
  stop(): void
}

type Sleeper = { dueAt: number; wake: () => void }

/** Longest wait that setTimeout can hold. */
const longestTimerMs = 2_147_483_647

/**
 * @param startsAt lab time at the start, milliseconds since the epoch.
 * @param realNow reads real time, monotonic milliseconds.
 */
export function turnableClock(options: {
  speed: number
  startsAt: number
  realNow?: () => number
}): TurnableClock {
  const realNow = options.realNow ?? (() => performance.now())
  let speed = options.speed
  let base = options.startsAt
  let realBase = realNow()
  let timer: NodeJS.Timeout | undefined
  const sleepers = new Set<Sleeper>()

  const now = () => Math.floor(base + (realNow() - realBase) * speed)

  function rebase(at: number): void {
    base = at
    realBase = realNow()
  }

  function next(): Sleeper | undefined {
    let first: Sleeper | undefined
    for (const sleeper of sleepers) if (!first || sleeper.dueAt < first.dueAt) first = sleeper
    return first
  }

  function wakeDue(): void {
    const at = now()
    for (const sleeper of [...sleepers]) if (sleeper.dueAt <= at) sleeper.wake()
    arm()
  }

  function arm(): void {
    clearTimeout(timer)
    const first = next()
    if (!first || speed === 0) return
    const realMs = Math.max(0, Math.ceil((first.dueAt - now()) / speed))
    timer = setTimeout(wakeDue, Math.min(realMs, longestTimerMs))
  }

  function sleep(ms: number, signal?: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      if (signal?.aborted) return reject(signal.reason)
      if (ms <= 0) return resolve()
      const abort = () => {
        sleepers.delete(sleeper)
        reject(signal?.reason)
      }
      const sleeper: Sleeper = {
        dueAt: now() + ms,
        wake: () => {
          sleepers.delete(sleeper)
          signal?.removeEventListener('abort', abort)
          resolve()
        },
      }
      signal?.addEventListener('abort', abort, { once: true })
      sleepers.add(sleeper)
      arm()
    })
  }

  async function step(ms: number): Promise<void> {
    const target = now() + ms
    for (let first = next(); first && first.dueAt <= target; first = next()) {
      rebase(Math.max(first.dueAt, now()))
      first.wake()
      await settled()
    }
    rebase(Math.max(target, now()))
    arm()
  }

  return {
    now,
    sleep,
    step,
    get speed() {
      return speed
    },
    setSpeed(value) {
      rebase(now())
      speed = value
      arm()
    },
    stop() {
      clearTimeout(timer)
      sleepers.clear()
    },
  }
}

/** Lets promises and short file work that a woken sleeper started go on before time moves again. */
async function settled(): Promise<void> {
  for (let turn = 0; turn < 20; turn++) await new Promise<void>(resolve => setImmediate(resolve))
}

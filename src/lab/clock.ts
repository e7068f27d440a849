/** The lab's time. Every duration in the lab passes through it, so that it can be scaled or stepped. */
export type Clock = {
  /** Lab time, milliseconds since the epoch. */
  now(): number
  /** Resolves after that much lab time; rejects when the signal aborts. */
  sleep(ms: number, signal?: AbortSignal): Promise<void>
  /** Lab seconds per real second; 1 is real time. Infinity-free: a stepped clock says 0. */
  readonly speed: number
}

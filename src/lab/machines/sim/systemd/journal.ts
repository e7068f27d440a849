/** One line of the journal. */
export type Entry = { ms: number; unit: string; name: string; pid: number; text: string; boot: number }

const most = 4000

/** The machine's journal: what services print, in order, oldest dropped. */
export class Journal {
  entries: Entry[] = []
  boot = 0
  readonly #now: () => number
  readonly #listeners = new Set<() => void>()

  constructor(now: () => number) {
    this.#now = now
  }

  write(unit: string, name: string, text: string, options: { pid?: number; ms?: number } = {}): void {
    for (const line of text.replace(/\n$/, '').split('\n')) {
      this.entries.push({
        ms: options.ms ?? this.#now(),
        unit,
        name,
        pid: options.pid ?? 1,
        text: line,
        boot: this.boot,
      })
    }
    if (this.entries.length > most) this.entries.splice(0, this.entries.length - most)
    for (const listener of [...this.#listeners]) listener()
  }

  /** Resolves at the next entry. */
  next(signal: AbortSignal): Promise<void> {
    return new Promise((resolve, reject) => {
      const done = () => {
        this.#listeners.delete(done)
        signal.removeEventListener('abort', abort)
        resolve()
      }
      const abort = () => {
        this.#listeners.delete(done)
        reject(signal.reason)
      }
      if (signal.aborted) return abort()
      signal.addEventListener('abort', abort, { once: true })
      this.#listeners.add(done)
    })
  }
}

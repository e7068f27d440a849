/** What a run tells the outside, one at a time. `--json` prints each as one line; the history keeps them. Holds no secret. */
export type ProgressEvent =
  | {
      type: 'run-start'
      at: string
      run: string
      command: string
      cluster: string | null
      /** Every step that may come, so that a list can be drawn before the first one starts. */
      steps: StepOutline[]
    }
  | { type: 'step-start'; at: string; step: string; title: string }
  /** A sentence about what a step does right now ("3 of 5 actions done"): replaces the one before. */
  | { type: 'step-progress'; at: string; step: string; message: string }
  /** A line that stays: a log line of the server, a warning. A terminal shows the newest ones below the step. */
  | { type: 'step-log'; at: string; step: string; line: string }
  | {
      type: 'step-end'
      at: string
      step: string
      title: string
      outcome: StepOutcome
      durationMs: number
      message?: string
    }
  | { type: 'warning'; at: string; message: string }
  | {
      type: 'run-end'
      at: string
      run: string
      outcome: RunOutcome
      durationMs: number
      message?: string
    }

export type StepOutcome = 'done' | 'skipped' | 'failed' | 'interrupted'
export type RunOutcome = 'ok' | 'failed' | 'interrupted'

/** A step without its functions. */
export type StepOutline = { id: string; title: string; parallel?: boolean; children?: StepOutline[] }

export type ProgressSink = {
  /** Called for every event, in order. Must not throw and must not wait. */
  handle(event: ProgressEvent): void
  /** Called once, after the last event; resolves when everything is written. */
  close(): Promise<void> | void
}

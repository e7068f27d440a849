import type { RunSummary, Step } from '../progress/index.ts'

/** What a command gets beside its own flags and arguments: who calls, from where, and how to talk to them. */
export type Cli = {
  /** Aborted by the first Ctrl-C or SIGTERM, with an InterruptedError. Hand it to everything that waits. */
  signal: AbortSignal
  json: boolean
  /** Answers every confirmation with yes. */
  yes: boolean
  /** Questions may be asked: a person sits at stdin and stderr, it is not CI, and `--json` is off. */
  interactive: boolean
  verbose: boolean
  /** `--config`: path of cosmos.yaml as typed; undefined means: look for it. */
  config?: string
  lab: LabMode
  cwd: string
  env: NodeJS.ProcessEnv
  /** Writes a line of the result to stdout; while steps run, it waits for their end. Silent with `--json`. */
  out(text?: string): void
  /** Writes a line for the person to stderr: notes and warnings, never results. While steps run, an event of the run. */
  note(text: string): void
  /** Writes aligned columns to stdout; the first row is the head. Silent with `--json`. */
  table(rows: readonly (readonly string[])[]): void
  /** Exit code of a command that worked and still has something to say, such as `up --plan` (2) or `status` (4). */
  exitWith(code: number): void
  /** Runs the steps of a flow with live progress, plain lines or JSON events; keeps them in the history file when given. */
  runSteps<Context>(
    command: string,
    cluster: string | null,
    steps: readonly Step<Context>[],
    context: Context,
    options?: { historyFile?: string; run?: string },
  ): Promise<RunSummary>
}

export type LabMode = 'off' | 'sim' | 'vm'

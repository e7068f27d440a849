/** One named step of a flow. A list of these is the story of a command: a reader takes it in at a glance. */
export type Step<Context> = {
  /** Stable, kebab-case, unique in the run: `create-firewall`. */
  id: string
  /** Plain infinitive without emoji: "Create firewall". */
  title: string
  /** A reason not to run it ("already there"), or undefined to run it. Asked right before the step; skips its children too. */
  skip?: (context: Context) => string | undefined
  /** May return a sentence that is shown beside the finished step ("203.0.113.7"). */
  // biome-ignore lint/suspicious/noConfusingVoidType: a step with nothing to say is an async function without a return
  run?: (context: Context, task: StepHandle) => Promise<string | undefined | void>
  /** Steps below this one, run after `run`, side by side when `parallel`. */
  children?: readonly Step<Context>[]
  parallel?: boolean
}

export type StepHandle = {
  /** Aborted by Ctrl-C, and when a sibling of a parallel group fails. Hand it to everything that waits. */
  signal: AbortSignal
  /** Says what happens right now; replaces the sentence before. The same one again says nothing new. */
  progress(message: string): void
  /** Adds a line that stays. */
  log(line: string): void
}

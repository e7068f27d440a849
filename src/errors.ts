/** Process exit codes: 0 ok · 1 failure · 2 usage, or `--plan` with something to do · 3 refused · 4 unhealthy · 130 interrupted. */
export const exitCodes = { ok: 0, failure: 1, usage: 2, refused: 3, unhealthy: 4, interrupted: 130 } as const
export type ExitCode = (typeof exitCodes)[keyof typeof exitCodes]

export type ErrorOptions = {
  /** Stable, machine-readable name of the failure, kebab-case: `token-readonly`. Shown with `--json`. */
  code: string
  /** The next command to type, or the next thing to do. */
  hint?: string | undefined
  exitCode?: ExitCode | undefined
  cause?: unknown
  /** Log lines or other evidence, shown below the message as they are. Must hold no secret. */
  details?: readonly string[] | undefined
}

/** The one base of every failure that cosmos explains. The message says what failed and why; the hint says what to type next. */
export class CosmosError extends Error {
  readonly code: string
  readonly hint: string | undefined
  readonly exitCode: ExitCode
  readonly details: readonly string[]

  constructor(message: string, options: ErrorOptions) {
    super(message, options.cause === undefined ? undefined : { cause: options.cause })
    this.name = new.target.name
    this.code = options.code
    this.hint = options.hint
    this.exitCode = options.exitCode ?? exitCodes.failure
    this.details = options.details ?? []
  }
}

/** Bad input: a flag, a file or an answer that cannot be used. Exit code 2. */
export class UsageError extends CosmosError {
  constructor(message: string, options: Omit<ErrorOptions, 'exitCode'>) {
    super(message, { ...options, exitCode: exitCodes.usage })
  }
}

/** cosmos could, but will not: protected, not ours, or not confirmed. Exit code 3. */
export class RefusedError extends CosmosError {
  constructor(message: string, options: Omit<ErrorOptions, 'exitCode'>) {
    super(message, { ...options, exitCode: exitCodes.refused })
  }
}

/** Ctrl-C or SIGTERM. The message says where things stand. Exit code 130. */
export class InterruptedError extends CosmosError {
  constructor(message = 'Interrupted.', options: Partial<Omit<ErrorOptions, 'exitCode'>> = {}) {
    super(message, { code: 'interrupted', ...options, exitCode: exitCodes.interrupted })
  }
}

/** Throws what the signal was aborted with (an InterruptedError unless the aborter said otherwise). */
export function throwIfAborted(signal: AbortSignal | undefined): void {
  if (!signal?.aborted) return
  throw signal.reason instanceof CosmosError
    ? signal.reason
    : new InterruptedError(undefined, { cause: signal.reason })
}

/** The text of anything thrown. */
export function messageOf(error: unknown): string {
  return error instanceof Error ? error.message : String(error)
}

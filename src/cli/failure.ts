import { styleText } from 'node:util'
import { CosmosError, exitCodes, InterruptedError, UsageError } from '../errors.ts'
import { asTyped, type Typing } from './as-typed.ts'
import { wrapped } from './wrapped.ts'

export type FailureScope = {
  signal?: AbortSignal
  /** The command that explains the usage: `cosmos up --help`. */
  usage: string
}

/**
 * Anything thrown, as the error that is shown. Three kinds come from outside and are translated: a closed prompt,
 * an abort, and oclif's complaints about flags. The rest is a fault of ours and gets the code `internal`.
 */
export function failureOf(thrown: unknown, scope: FailureScope): CosmosError {
  if (thrown instanceof CosmosError) return thrown
  const { signal } = scope
  if (!(thrown instanceof Error)) return new CosmosError(String(thrown), { code: 'internal' })
  if (thrown.name === 'ExitPromptError' || thrown.name === 'AbortPromptError')
    return interruption(thrown, signal)
  if (signal?.aborted && thrown.name === 'AbortError') return interruption(thrown, signal)
  if ('oclif' in thrown) return usage(thrown, scope.usage)
  return new CosmosError(thrown.message === '' ? thrown.name : thrown.message, {
    code: 'internal',
    cause: thrown,
    hint: 'This is a fault in cosmos. Run it again with --verbose to see where.',
  })
}

function interruption(cause: Error, signal: AbortSignal | undefined): CosmosError {
  return signal?.reason instanceof CosmosError
    ? signal.reason
    : new InterruptedError('Interrupted.', { cause })
}

function usage(thrown: Error, hint: string): UsageError {
  const [message = thrown.message] = thrown.message.split('\nSee more help with --help')
  // oclif tells of a value in two lines: "Parsing --timeout", then what was wrong with it.
  const said = message.replace(/^Parsing (--\S+) *\n\s*/, '$1: ')
  return new UsageError(said, { code: 'usage', cause: thrown, hint })
}

/**
 * The lines for a person at stderr: what failed, the evidence, and what to type next. The stack only when asked for.
 * Red on a terminal, plain elsewhere.
 */
export function explain(failure: CosmosError, verbose: boolean, typing: Typing): string[] {
  const lines = messageLines(failure.message).map(line => styleText('red', line, { stream: process.stderr }))
  for (const detail of failure.details) lines.push(`  ${detail}`)
  if (failure.hint !== undefined) lines.push(`→ next: ${asTyped(failure.hint, typing)}`)
  if (verbose && failure.exitCode !== exitCodes.interrupted) lines.push(...stacks(failure))
  return lines
}

/** The last line of `--json`. */
export function failureLine(failure: CosmosError, typing: Typing): string {
  const { code, message, hint, exitCode, details } = failure
  return JSON.stringify({
    type: 'error',
    code,
    message,
    ...(hint === undefined ? {} : { hint: asTyped(hint, typing) }),
    ...(details.length === 0 ? {} : { details }),
    exitCode,
  })
}

/** A terminal would break words; a pipe keeps the sentence as it is. */
function messageLines(message: string): string[] {
  const { isTTY, columns } = process.stderr
  return message.split('\n').flatMap(line => (isTTY && columns > 0 ? wrapped(line, columns) : [line]))
}

function stacks(error: Error): string[] {
  const own = error.stack ?? error.message
  return error.cause instanceof Error ? [own, 'caused by:', ...stacks(error.cause)] : [own]
}

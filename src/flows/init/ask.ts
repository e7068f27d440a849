import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import type { Check } from '../prompts.ts'

export type Question<T> = {
  /** Flag that answers it, without dashes. */
  flag: string
  /** What the flag said. */
  given: T | undefined
  /** What is wrong with an answer; applies to flags and defaults as well. */
  check?: (answer: T) => string | undefined
  /** Asks a person. */
  ask: () => Promise<T>
  /** What `--yes` takes; without it the flag is needed where nobody is asked. */
  preset?: T | undefined
  /** What the answer is, for the error that names the flag: "the repository that Argo CD reads". */
  what: string
}

/**
 * One answer: from its flag, else from a person, else the default.
 * @throws UsageError `flag-invalid`, or `answer-missing` naming the flag
 */
export async function answer<T>(cli: Pick<Cli, 'interactive' | 'yes'>, question: Question<T>): Promise<T> {
  const { flag, given, check, ask, preset, what } = question
  if (given === undefined && mayAsk(cli)) return ask()
  const value = given ?? preset
  if (value === undefined) {
    throw new UsageError(`--${flag} is missing: ${what}. There is nobody to ask.`, {
      code: 'answer-missing',
      hint: `Give it as a flag: cosmos init --${flag} …`,
    })
  }
  return checked(flag, value, check)
}

/** The value of a flag, if it is a good one. @throws UsageError `flag-invalid` */
export function checked<T>(flag: string, value: T, check?: (value: T) => string | undefined): T {
  const flaw = check?.(value)
  if (flaw === undefined) return value
  throw new UsageError(`--${flag} ${flaw}.`, {
    code: 'flag-invalid',
    hint: 'See what it takes: cosmos init --help',
  })
}

/** Whether a person is there and was not told to be left alone. */
export function mayAsk(cli: Pick<Cli, 'interactive' | 'yes'>): boolean {
  return cli.interactive && !cli.yes
}

/** A check for one answer of a question that takes none, too. */
export function orNothing(check: Check): Check {
  return text => (text.trim() === '' ? undefined : check(text))
}

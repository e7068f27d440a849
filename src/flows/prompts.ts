import { InterruptedError, throwIfAborted } from '../errors.ts'

/** Returns what is wrong with an answer, or undefined. */
export type Check = (answer: string) => string | undefined
export type Choice = {
  value: string
  name: string
  description?: string
  disabled?: string
  checked?: boolean
}

/** Asks for a line of text. */
export function askText(
  message: string,
  signal: AbortSignal,
  options: { default?: string | undefined; check?: Check; shownAs?: (typed: string) => string } = {},
): Promise<string> {
  const { check, default: preset, shownAs } = options
  const shown = shownAs === undefined ? {} : { transformer: shownAs }
  return ask<string>(
    { type: 'input', message, ...presetOf(preset), ...shown, ...validateWith(check) },
    signal,
  )
}

/** Asks for a secret: shows dots instead of characters. */
export function askSecret(
  message: string,
  signal: AbortSignal,
  options: { check?: Check } = {},
): Promise<string> {
  return ask<string>({ type: 'password', message, mask: '•', ...validateWith(options.check) }, signal)
}

/** Asks yes or no. */
export function confirm(
  message: string,
  signal: AbortSignal,
  options: { default?: boolean } = {},
): Promise<boolean> {
  return ask<boolean>({ type: 'confirm', message, default: options.default ?? false }, signal)
}

/** Asks for one of several. */
export function choose(
  message: string,
  choices: readonly Choice[],
  signal: AbortSignal,
  options: { default?: string | undefined } = {},
): Promise<string> {
  return ask<string>(
    { type: 'select', message, choices, pageSize: 12, loop: false, ...presetOf(options.default) },
    signal,
  )
}

/** Asks for at least one of several. */
export function chooseMany(
  message: string,
  choices: readonly Choice[],
  signal: AbortSignal,
): Promise<string[]> {
  return ask<string[]>(
    { type: 'checkbox', message, choices, pageSize: 12, loop: false, required: true },
    signal,
  )
}

function presetOf(preset: string | undefined): { default?: string } {
  return preset === undefined ? {} : { default: preset }
}

function validateWith(check: Check | undefined): { validate?: (answer: string) => string | true } {
  return check === undefined ? {} : { validate: answer => check(answer) ?? true }
}

/**
 * One question, on stderr, because stdout belongs to results.
 * Ctrl-C reaches a prompt as a key and never becomes a signal, so it is turned into what a signal would have caused.
 */
async function ask<T>(
  question: Record<string, unknown> & { message: string },
  signal: AbortSignal,
): Promise<T> {
  throwIfAborted(signal)
  const { createPromptModule } = await import('inquirer')
  const prompt = createPromptModule({ output: process.stderr, signal })
  try {
    const answers: Record<string, unknown> = await prompt([{ ...question, name: 'answer' }])
    return answers.answer as T
  } catch (error) {
    throwIfAborted(signal)
    if (error instanceof Error && error.name === 'ExitPromptError')
      throw new InterruptedError('Interrupted; nothing was changed.', { cause: error })
    throw error
  }
}

import { type FieldProblem, invalidInput } from './failure.ts'

type Body = Record<string, unknown>
type TextRules = { max?: number; min?: number; pattern?: RegExp; says?: string }

/**
 * Reads the fields of a body and collects everything that is wrong with them, so that one answer names all.
 * Readers give undefined for what is missing or wrong; `done()` throws when anything was. Unknown fields are ignored, as the
 * service does: the old CLI sends `"ID"` in Primary IP assignments · verified with hcloud 1.30.
 */
export class Checks {
  readonly #body: Body
  readonly #problems: FieldProblem[] = []

  constructor(body: Body) {
    this.#body = body
  }

  problem(name: string, message: string): void {
    const known = this.#problems.find(problem => problem.name === name)
    if (known) known.messages.push(message)
    else this.#problems.push({ name, messages: [message] })
  }

  /** @throws ApiFailure `invalid_input` */
  done(): void {
    if (this.#problems.length > 0) throw invalidInput(this.#problems)
  }

  required(...names: string[]): void {
    for (const name of names) if (!this.has(name)) this.problem(name, 'Missing data for required field.')
  }

  /** Null counts as not given: hcloud-go sends explicit nulls for what is not set. */
  has(name: string): boolean {
    return this.#body[name] !== undefined && this.#body[name] !== null
  }

  text(name: string, { max = Number.POSITIVE_INFINITY, min = 0, pattern, says }: TextRules = {}) {
    const value = this.#given(name)
    if (value === undefined) return undefined
    if (typeof value !== 'string') return this.#wrong(name, 'Not a valid string.')
    if (value.length < min || value.length > max)
      return this.#wrong(name, `Length must be between ${min} and ${max}.`)
    if (pattern && !pattern.test(value)) return this.#wrong(name, says ?? 'Invalid format.')
    return value
  }

  integer(
    name: string,
    { min = 1, max = Number.MAX_SAFE_INTEGER }: { min?: number; max?: number } = {},
  ): number | undefined {
    const value = this.#given(name)
    if (value === undefined) return undefined
    if (typeof value !== 'number' || !Number.isSafeInteger(value))
      return this.#wrong(name, 'Not a valid integer.')
    if (value < min || value > max) return this.#wrong(name, `Must be between ${min} and ${max}.`)
    return value
  }

  flag(name: string): boolean | undefined {
    const value = this.#given(name)
    if (value === undefined) return undefined
    return typeof value === 'boolean' ? value : this.#wrong(name, 'Not a valid boolean.')
  }

  oneOf<T extends string>(name: string, choices: readonly T[]): T | undefined {
    const value = this.#given(name)
    if (value === undefined) return undefined
    const found = choices.find(choice => choice === value)
    return found ?? this.#wrong(name, `Must be one of: ${choices.join(', ')}.`)
  }

  /** Id as number or numeric string, or name: clients send all three · verified with hcloud 1.30 and hcloud-python 1.18. */
  idOrName(name: string): string | number | undefined {
    const value = this.#given(name)
    if (value === undefined) return undefined
    return isIdOrName(value) ? value : this.#wrong(name, 'Not a valid id or name.')
  }

  list<T>(name: string, read: (entry: unknown) => T | undefined, says: string): T[] | undefined {
    const value = this.#given(name)
    if (value === undefined) return undefined
    if (!Array.isArray(value)) return this.#wrong(name, 'Not a valid list.')
    const entries = value.map(read)
    return entries.some(entry => entry === undefined) ? this.#wrong(name, says) : (entries as T[])
  }

  ids(name: string): number[] | undefined {
    const ids = this.list(name, entry => (isId(entry) ? entry : undefined), 'Not a valid list of ids.')
    if (ids && new Set(ids).size < ids.length) return this.#wrong(name, 'Has the same id twice.')
    return ids
  }

  object(name: string): Body | undefined {
    const value = this.#given(name)
    if (value === undefined) return undefined
    return isBody(value) ? value : this.#wrong(name, 'Not a valid object.')
  }

  #given(name: string): unknown {
    return this.has(name) ? this.#body[name] : undefined
  }

  #wrong(name: string, message: string): undefined {
    this.problem(name, message)
    return undefined
  }
}

/** Ids are 1 … 2^53-1. Source: OpenAPI text · documented. */
export function isId(value: unknown): value is number {
  return typeof value === 'number' && Number.isSafeInteger(value) && value >= 1
}

export function isIdOrName(value: unknown): value is string | number {
  return isId(value) || (typeof value === 'string' && value !== '')
}

export function isBody(value: unknown): value is Body {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

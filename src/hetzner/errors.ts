import { CosmosError, type ErrorOptions } from '../errors.ts'

/**
 * What is known of a write that failed. `unknown`: it may have been done, look before doing it again.
 * `not-done`: the API refused it, or never got it.
 */
export type Outcome = 'unknown' | 'not-done'

export type HetznerErrorOptions = Omit<ErrorOptions, 'code'> & {
  apiCode: string
  status?: number | undefined
  correlationId?: string | undefined
  outcome?: Outcome | undefined
}

/** A call that failed. Tell failures apart by `apiCode`: the API's own codes, or ours (`network_…`, `garbage`). */
export class HetznerError extends CosmosError {
  readonly apiCode: string
  /** HTTP status; undefined when there was no answer. */
  readonly status: number | undefined
  /** What Hetzner's support asks for. */
  readonly correlationId: string | undefined
  readonly outcome: Outcome

  constructor(message: string, options: HetznerErrorOptions) {
    super(message, { ...options, code: options.apiCode.replaceAll('_', '-') })
    this.apiCode = options.apiCode
    this.status = options.status
    this.correlationId = options.correlationId
    this.outcome = options.outcome ?? 'not-done'
  }
}

/** The request was accepted, and the work behind it failed later. What is left of it must be looked up. */
export class ApiActionError extends HetznerError {
  readonly actionId: number
  /** The API's name of the work: `create_server`. */
  readonly command: string
  readonly resources: readonly { id: number; type: string }[]

  constructor(
    message: string,
    options: HetznerErrorOptions & {
      actionId: number
      command: string
      resources: readonly { id: number; type: string }[]
    },
  ) {
    super(message, { ...options, outcome: 'unknown' })
    this.actionId = options.actionId
    this.command = options.command
    this.resources = options.resources
  }
}

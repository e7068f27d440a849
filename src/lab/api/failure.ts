/** HTTP status of each error code. Source: OpenAPI text of 2026-07, error table · documented. */
const statusByCode: Record<string, number> = {
  json_error: 400,
  unauthorized: 401,
  token_readonly: 401,
  forbidden: 403,
  maintenance: 403,
  resource_limit_exceeded: 403,
  not_found: 404,
  firewall_resource_not_found: 404,
  method_not_allowed: 405,
  uniqueness_error: 409,
  conflict: 409,
  deprecated_api_endpoint: 410,
  resource_unavailable: 412,
  primary_ip_version_mismatch: 412,
  locked: 423,
  protected: 423,
  rate_limit_exceeded: 429,
  server_error: 500,
  bad_gateway: 502,
  unavailable: 503,
  timeout: 504,
}

/** The status that belongs to a code; all that is not in the table is 422. */
export function statusOf(code: string): number {
  return statusByCode[code] ?? 422
}

/** A refusal that the API answers with, or that an action ends with. */
export class ApiFailure extends Error {
  readonly code: string
  readonly details: unknown
  readonly status: number

  constructor(code: string, message: string, details: unknown = null, status: number = statusOf(code)) {
    super(message)
    this.code = code
    this.details = details
    this.status = status
  }
}

export type FieldProblem = { name: string; messages: string[] }

/** Source of the shape: OpenAPI text, `invalid_input` · documented; the sentence is guessed. */
export function invalidInput(fields: FieldProblem[]): ApiFailure {
  const names = fields.map(({ name }) => `'${name}'`).join(', ')
  return new ApiFailure('invalid_input', `invalid input in field ${names}`, { fields })
}

/** Guessed wording: clients look at the code only. */
export function notFound(what: string, id: number | string): ApiFailure {
  return new ApiFailure('not_found', `${what} with ID '${id}' not found`)
}

/** "server name is already used", "name is already used", "SSH key not unique": seen by others. */
export function notUnique(message: string, field: string): ApiFailure {
  return new ApiFailure('uniqueness_error', message, { fields: [{ name: field }] })
}

/** "server limit exceeded", "Primary IP limit exceeded": seen by others. */
export function overLimit(message: string, limit: string): ApiFailure {
  return new ApiFailure('resource_limit_exceeded', message, { limits: [{ name: limit }] })
}

export function isProtected(what: string): ApiFailure {
  return new ApiFailure('protected', `${what} deletion is protected`)
}

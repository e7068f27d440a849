import type { HetznerError } from './errors.ts'
import type { Request } from './request.ts'

/** How long one kind of failure is borne. */
export type Patience = { reason: string; baseMs: number; capMs: number; attempts: number; budgetMs: number }

/** The other side works and says "not now": the time it takes is what counts. */
const busy = { baseMs: 1000, capMs: 10_000, attempts: 60, budgetMs: 120_000 }
/** The other side is in trouble, or the way to it. */
const broken = { baseMs: 500, capMs: 8000, attempts: 6, budgetMs: 30_000 }
/** Nobody is there: rarely gets better, and a person waits. */
const absent = { baseMs: 300, capMs: 1000, attempts: 3, budgetMs: 2000 }

const patienceByCode: Record<string, Patience> = {
  rate_limit_exceeded: { reason: 'the API calls of the project are used up', ...busy },
  conflict: { reason: 'the resource was changed at the same moment', ...busy },
  locked: { reason: 'another action runs on the resource', ...busy },
  server_error: { reason: 'the API reports an error of its own', ...broken },
  bad_gateway: { reason: 'the API cannot be reached behind its gateway', ...broken },
  unavailable: { reason: 'the API is not available', ...broken },
  timeout: { reason: 'the API did not answer its gateway in time', ...broken },
  network_timeout: { reason: 'the API did not answer in time', ...broken, attempts: 3 },
  network_reset: { reason: 'the connection broke off', ...broken },
  network_unreachable: { reason: 'the network is unreachable', ...absent },
  network_refused: { reason: 'the connection was refused', ...absent },
  network_dns: { reason: 'the name of the API does not resolve', ...absent },
}

/** A deleted server lets go of what it held some seconds after its action has ended (facts §3, "Delete cascade"). */
const lingering: Patience = {
  reason: 'a deleted server still holds it',
  ...busy,
  capMs: 2000,
  budgetMs: 12_000,
}
const lingeringCodes = new Set(['resource_in_use', 'must_be_unassigned', 'primary_ip_assigned'])

/**
 * Whether a failed call is worth another try, and how long. By code only: what is not listed (no stock, quota, bad input,
 * protection, tokens) does not get better by waiting. A write whose answer was lost is sent again only when that is harmless.
 */
export function patienceFor(error: HetznerError, request: Request): Patience | undefined {
  if (error.outcome === 'unknown' && !request.repeatable) return undefined
  if (request.method === 'DELETE' && lingeringCodes.has(error.apiCode)) return lingering
  return Object.hasOwn(patienceByCode, error.apiCode) ? patienceByCode[error.apiCode] : undefined
}

/** Doubling wait, half of it by chance so that parallel calls do not meet again. @param random 0…1 */
export function backoffMs(patience: Patience, attempt: number, random: number): number {
  const full = Math.min(patience.capMs, patience.baseMs * 2 ** (attempt - 1))
  return full / 2 + (full / 2) * random
}

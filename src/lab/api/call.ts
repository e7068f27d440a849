import type { Cloud } from './cloud.ts'

/** One request, as a handler sees it. */
export type Call = {
  cloud: Cloud
  method: string
  /** Numbers of the path, in order. */
  ids: number[]
  query: URLSearchParams
  body: Record<string, unknown>
  /** Address of the resource without its query, for links. */
  url: string
  /** Aborted when the client is gone or the lab stops. */
  signal: AbortSignal
}

export type Answer = { status: number; body?: unknown; headers?: Record<string, string> }
export type Handler = (call: Call) => Answer | Promise<Answer>

/** Path patterns as in the official text: `/servers/{id}/actions/poweron`. */
export type Routes = Record<string, Handler>

export function ok(body: unknown): Answer {
  return { status: 200, body }
}

export function created(body: unknown): Answer {
  return { status: 201, body }
}

export const noContent: Answer = { status: 204 }

import { createServer, type IncomingMessage, type Server, type ServerResponse } from 'node:http'
import { type ApiMode, type Fault, type Faults, namesRequest } from '../faults/index.ts'
import { hex, type Random } from '../random.ts'
import { accessOf, requireAccess } from './auth.ts'
import { readBody } from './body.ts'
import type { Answer, Call } from './call.ts'
import type { Cloud } from './cloud.ts'
import { ApiFailure } from './failure.ts'
import type { RateLimit } from './rate-limit.ts'
import { answerOf, send } from './respond.ts'
import type { Router } from './router.ts'

export type Serving = {
  cloud: Cloud
  /** The API below `/v1`, and the lab's own endpoint below `/_lab`. */
  api: Router
  admin: Router
  tokens: { token: string; readonlyToken: string }
  limit: RateLimit
  /** Nothing is answered before the machines are back. */
  ready: Promise<void>
  /** For correlation ids only: they must not disturb the seeded run. */
  random: Random
  log: (entry: Record<string, unknown>) => void
  /** Sees every answer of the API, before it is sent. */
  onAnswer?: OnAnswer
}

export type OnAnswer = (answer: { method: string; path: string; status: number; body: unknown }) => void

/** The HTTP server over the tables of routes. */
export function httpServer(serving: Serving): Server {
  const server = createServer({ keepAliveTimeout: 60_000 }, (request, response) => {
    void handle(serving, request, response)
  })
  return server
}

async function handle(serving: Serving, request: IncomingMessage, response: ServerResponse): Promise<void> {
  await serving.ready
  const began = performance.now()
  const [path = '/', search = ''] = splitOnce(request.url ?? '/', '?')
  const method = request.method ?? 'GET'
  const correlation = hex(serving.random, 16)
  const headers: Record<string, string> = { 'X-Correlation-Id': correlation }
  const gone = new AbortController()
  response.on('close', () => gone.abort())
  let answer: Answer
  try {
    answer = await answerTo(serving, { request, method, path, search, headers, signal: gone.signal })
  } catch (error) {
    if (error instanceof Cut) {
      serving.log({ method, path, status: 0, fault: error.fault.id, correlation })
      return cut(response, error.fault.mode as ApiMode)
    }
    answer = answerOf(error)
  }
  if (answer.status === 413) headers.Connection = 'close'
  if (path.startsWith('/v1/')) serving.onAnswer?.({ method, path, status: answer.status, body: answer.body })
  send(response, answer, headers)
  if (!path.startsWith('/_lab'))
    note(serving, { method, path, correlation }, answer, performance.now() - began)
}

type Incoming = {
  request: IncomingMessage
  method: string
  path: string
  search: string
  headers: Record<string, string>
  signal: AbortSignal
}

/** In the order of the service: route, rate limit, token, body, handler. An unknown path comes before the token · seen by others. */
async function answerTo(serving: Serving, incoming: Incoming): Promise<Answer> {
  const { method, path, search, headers, request, signal } = incoming
  const isAdmin = path.startsWith('/_lab/')
  const inner = isAdmin ? path.slice('/_lab'.length) : path.startsWith('/v1/') ? path.slice('/v1'.length) : ''
  const match = (isAdmin ? serving.admin : serving.api)(method, inner)
  if (!match) throw new ApiFailure('not_found', 'api route not found')
  if (!isAdmin) takeRequest(serving.limit, headers)
  requireAccess(accessOf(request.headers.authorization, serving.tokens), method)
  if (!match.handler) throw new ApiFailure('method_not_allowed', 'method not allowed')
  const body = method === 'GET' ? {} : await readBody(request)
  requireSafe(match.ids)
  const url = `http://${request.headers.host ?? '127.0.0.1'}${path}`
  const query = new URLSearchParams(search)
  const call: Call = { cloud: serving.cloud, method, ids: match.ids, query, body, url, signal }
  if (isAdmin) return match.handler(call)
  return withFaults(serving.cloud, method, inner, signal, () => match.handler?.(call) ?? { status: 500 })
}

/** @throws ApiFailure `rate_limit_exceeded`; calls without a token count too. Source: OpenAPI text · documented */
function takeRequest(limit: RateLimit, headers: Record<string, string>): void {
  const { allowed, headers: more } = limit.take()
  Object.assign(headers, more)
  if (!allowed) throw new ApiFailure('rate_limit_exceeded', 'limit of 3600 requests per hour reached')
}

/** Ids are at most 2^53-1; a larger one names nothing. Source: OpenAPI text · documented. */
function requireSafe(ids: number[]): void {
  const wrong = ids.find(id => !Number.isSafeInteger(id))
  if (wrong !== undefined) throw new ApiFailure('not_found', 'resource not found')
}

/** A fault that shows as a broken connection. */
class Cut extends Error {
  readonly fault: Fault
  constructor(fault: Fault) {
    super('connection cut on purpose')
    this.fault = fault
  }
}

async function withFaults(
  { faults, clock }: { faults: Faults; clock: Cloud['clock'] },
  method: string,
  path: string,
  signal: AbortSignal,
  work: () => Answer | Promise<Answer>,
): Promise<Answer> {
  const concerns = (on: string) => namesRequest(on, method, path)
  const slow = faults.strike('slow', on => on.includes('/') && concerns(on))
  if (slow?.delayMs) await clock.sleep(slow.delayMs, signal)
  const fault = faults.strike('api', concerns)
  if (!fault) return work()
  const mode = (fault.mode ?? 'error') as ApiMode
  if (mode === 'error')
    throw new ApiFailure(fault.code ?? 'server_error', fault.message ?? 'a fault of the lab, made on purpose')
  if (mode === 'lost') await work()
  throw new Cut(fault)
}

function cut(response: ServerResponse, mode: ApiMode): void {
  if (mode === 'garbage') {
    response.writeHead(200, { 'Content-Type': 'text/html' })
    response.end('<html><body>This is not the API.</body></html>')
  } else if (mode !== 'hang') {
    response.destroy()
  }
}

function note(serving: Serving, entry: Record<string, unknown>, { status, body }: Answer, ms: number): void {
  const code = status >= 400 ? (body as { error?: { code?: string } } | undefined)?.error?.code : undefined
  serving.log({ ...entry, status, ...(code && { code }), ms: Math.round(ms * 10) / 10 })
}

function splitOnce(text: string, at: string): [string, string] {
  const place = text.indexOf(at)
  return place < 0 ? [text, ''] : [text.slice(0, place), text.slice(place + 1)]
}

import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { createHetzner, type HetznerOptions } from '../../src/hetzner/index.ts'
import type { Action } from '../../src/hetzner/wire.ts'

export type Seen = { method: string; url: string; headers: IncomingMessage['headers']; body: string }

/** One scripted answer: JSON with a status, or whatever the function does to the socket. */
export type Reply =
  | { status?: number; json?: unknown; headers?: Record<string, string> }
  | ((response: ServerResponse, seen: Seen) => void)

const open = new Set<() => Promise<void>>()
afterEach(() => Promise.all([...open].map(close => close())))

export const token = 'k3y'.repeat(20)

/**
 * A real HTTP server that gives the scripted answers in order, the last one for ever after.
 * The client on it neither sleeps nor depends on chance; what it would have waited is in `waits`.
 */
export async function scripted(replies: Reply[], options: Partial<HetznerOptions> = {}) {
  const seen: Seen[] = []
  const waits: number[] = []
  const retries: string[] = []
  const server = createServer(async (request, response) => {
    let body = ''
    for await (const chunk of request) body += chunk
    const one = { method: request.method ?? '', url: request.url ?? '', headers: request.headers, body }
    seen.push(one)
    answer(replies[Math.min(seen.length, replies.length) - 1] ?? {}, response, one)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const port = (server.address() as AddressInfo).port
  const hetzner = createHetzner({
    endpoint: `http://127.0.0.1:${port}/v1`,
    token,
    random: () => 1,
    sleep: async ms => {
      waits.push(ms)
    },
    onRetry: note => retries.push(note.reason),
    ...options,
  })
  const close = async () => {
    server.closeAllConnections()
    open.delete(close)
    await new Promise(resolve => server.close(resolve))
  }
  open.add(close)
  return { hetzner, seen, waits, retries, port, close }
}

function answer(reply: Reply, response: ServerResponse, seen: Seen): void {
  if (typeof reply === 'function') {
    reply(response, seen)
    return
  }
  response.writeHead(reply.status ?? 200, { 'content-type': 'application/json', ...reply.headers })
  response.end(reply.json === undefined ? undefined : JSON.stringify(reply.json))
}

export const failure = (status: number, code: string, message = code, details: unknown = null): Reply => ({
  status,
  json: { error: { code, message, details } },
  headers: { 'x-correlation-id': 'c0ffee' },
})
export const page = (key: string, items: unknown[], next: number | null = null): Reply => ({
  json: { [key]: items, meta: { pagination: { page: 1, per_page: 50, next_page: next } } },
})
export const reset: Reply = response => response.socket?.resetAndDestroy()
export const hang: Reply = () => undefined
export const text =
  (body: string, status = 200): Reply =>
  response =>
    response.writeHead(status, { 'content-type': 'text/html' }).end(body)

export const action = (
  id: number,
  status: Action['status'] = 'running',
  more: Partial<Action> = {},
): Action => ({
  id,
  command: 'create_server',
  status,
  started: '2026-11-23T00:00:00Z',
  finished: status === 'running' ? null : '2026-11-23T00:00:05Z',
  progress: status === 'running' ? 0 : 100,
  resources: [{ id: 42, type: 'server' }],
  error: null,
  ...more,
})

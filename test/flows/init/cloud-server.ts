import { createServer, type IncomingMessage, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import { locations, pricing, serverType } from './catalogue.ts'

export const tokens = { good: 'g'.repeat(64), readonly: 'r'.repeat(64) }

export type CloudServer = { endpoint: string; calls: string[]; close(): void }

/** As much of the API as `cosmos init` asks: a catalogue, and a refusal of the write that creates nothing. */
export async function serveCloud(): Promise<CloudServer> {
  const calls: string[] = []
  const server = createServer((request, response) => {
    calls.push(`${request.method} ${request.url?.split('?')[0]}`)
    const [status, body] = reply(request)
    send(response, status, body)
  })
  await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
  const { port } = server.address() as AddressInfo
  return { endpoint: `http://127.0.0.1:${port}/v1`, calls, close: () => server.close() }
}

function reply({ method, url = '', headers }: IncomingMessage): [status: number, body: object] {
  const token = headers.authorization?.replace('Bearer ', '')
  if (token !== tokens.good && token !== tokens.readonly)
    return [401, failure('unauthorized', 'unable to authenticate')]
  if (method !== 'GET') {
    return token === tokens.readonly
      ? [403, failure('token_readonly', 'token is only allowed to perform GET requests')]
      : [422, failure('invalid_input', 'invalid input in field public_key')]
  }
  const meta = {
    pagination: {
      page: 1,
      per_page: 50,
      previous_page: null,
      next_page: null,
      last_page: 1,
      total_entries: 3,
    },
  }
  const path = url.split('?')[0]
  if (path === '/v1/locations') return [200, { locations, meta }]
  if (path === '/v1/pricing') return [200, { pricing }]
  if (path === '/v1/server_types') {
    const types = [
      serverType('cx23', 4.15),
      serverType('cx33', 6.53),
      serverType('cx43', 11.29, { inStock: false }),
    ]
    return [200, { server_types: types, meta }]
  }
  return [404, failure('not_found', 'not found')]
}

function failure(code: string, message: string): object {
  return { error: { code, message, details: {} } }
}

function send(response: ServerResponse, status: number, body: object): void {
  response.writeHead(status, { 'content-type': 'application/json' }).end(JSON.stringify(body))
}

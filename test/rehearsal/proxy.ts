import { createServer, request, type Server } from 'node:http'
import type { AddressInfo } from 'node:net'

/** `before`: the write never reaches the lab. `after`: it is done there, and its answer never comes back. */
export type Cut = { at: number; how: 'before' | 'after' }

/**
 * Stands between the program and the lab, counts the writes, and at the chosen one lets nothing through any more, for good:
 * the moment to kill the program in.
 */
export class CuttingProxy {
  readonly #server: Server
  #cut: Cut | undefined
  #reached: () => void = () => undefined
  /** Writes that came, `POST /servers` each. */
  writes: string[] = []

  /** @param target the lab itself */
  constructor(target: () => { endpoint: string }) {
    this.#server = createServer((asked, answer) => {
      const { method = 'GET', url = '/', headers } = asked
      const isApi = url.startsWith('/v1')
      const isWrite = isApi && method !== 'GET'
      if (isWrite) this.writes.push(`${method} ${url.replace(/^\/v1/, '').replace(/\d{4,}/g, '{id}')}`)
      const isCut = isApi && this.#cut !== undefined && this.writes.length >= this.#cut.at
      if (isCut && (this.#cut?.how === 'before' || this.writes.length > (this.#cut?.at ?? 0)))
        return this.#reached()
      const { hostname, port } = new URL(target().endpoint)
      const forward = request({ hostname, port, method, path: url, headers }, from => {
        if (isCut && isWrite) {
          from.resume()
          from.on('end', () => this.#reached())
          return
        }
        answer.writeHead(from.statusCode ?? 502, from.headers)
        from.pipe(answer)
      })
      forward.on('error', () => answer.destroy())
      asked.pipe(forward)
    })
  }

  async open(): Promise<string> {
    await new Promise<void>(resolve => this.#server.listen(0, '127.0.0.1', resolve))
    return `http://127.0.0.1:${(this.#server.address() as AddressInfo).port}/v1`
  }

  /** Counts anew, and cuts there. Resolves when that write has come. */
  cutAt(cut: Cut): Promise<void> {
    this.writes = []
    this.#cut = cut
    return new Promise(resolve => {
      this.#reached = resolve
    })
  }

  /** Lets everything through again, and counts anew. */
  heal(): void {
    this.#cut = undefined
    this.writes = []
  }

  close(): void {
    this.#server.closeAllConnections()
    this.#server.close()
  }
}

import type { Server } from 'node:http'
import { CosmosError } from '../errors.ts'

/**
 * Listens on 127.0.0.1.
 * @param wanted a port that is asked for must be free; 0 is any.
 * @param before the port of last time is taken when it is free.
 * @returns the port.
 * @throws CosmosError `lab-port-in-use`
 */
export async function listen(
  server: Server,
  wanted: number | undefined,
  before: number | undefined,
): Promise<number> {
  if (wanted !== undefined) return bind(server, wanted)
  if (before) {
    try {
      return await bind(server, before)
    } catch (error) {
      if (!(error instanceof CosmosError)) throw error
    }
  }
  return bind(server, 0)
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portInUse(port) : error)
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function portInUse(port: number): CosmosError {
  return new CosmosError(`The lab cannot listen on port ${port}: another program has it.`, {
    code: 'lab-port-in-use',
    hint: 'Take another, or any free one: cosmos lab start --port 0',
  })
}

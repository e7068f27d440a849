import { createHetzner, type Hetzner } from '../../../src/hetzner/index.ts'
import type { Action, CreateServerBody, Server } from '../../../src/hetzner/wire.ts'
import type { ServeOptions } from '../../../src/lab/index.ts'
import { type TestLab, testLab } from './lab.ts'

/** A lab that stands still until it is stepped, with our own client to it. */
export type TestCloud = TestLab & {
  hetzner: Hetzner
  /** A server that is through with its create. */
  server(body?: Partial<CreateServerBody>): Promise<Server>
  /** Lets what was asked for come to its end, and gives the action as it ended. */
  through(asked: Promise<Action | undefined>): Promise<Action>
}

export async function testCloud(options: Partial<ServeOptions> = {}): Promise<TestCloud> {
  const lab = await testLab(options)
  const { endpoint, token } = lab.info
  const hetzner = createHetzner({ endpoint, token, pollIntervalMs: 1 })
  return {
    ...lab,
    hetzner,
    async server(body) {
      const made = await hetzner.servers.create({
        name: 'demo',
        server_type: 'cx23',
        image: 'ubuntu-24.04',
        location: 'nbg1',
        ...body,
      })
      await lab.settle()
      await hetzner.actions.wait(made.actions)
      const server = await hetzner.servers.get(made.server.id)
      if (!server) throw new Error('the new server is gone')
      return server
    },
    async through(asked) {
      const begun = await asked
      if (!begun) throw new Error('there was no action')
      await lab.settle()
      const [ended] = await hetzner.actions.get([begun.id])
      if (!ended || ended.status === 'running') throw new Error('the action is not through')
      return ended
    },
  }
}

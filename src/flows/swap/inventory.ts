import { CosmosError } from '../../errors.ts'
import type { StepHandle } from '../../progress/index.ts'
import { observe } from '../observe.ts'
import type { SwapContext } from './context.ts'

/** Proves by the cloud's own lists that nothing is left over that bills: one server, one volume, the addresses. */
export async function takeInventory(context: SwapContext, { signal }: StepHandle): Promise<string> {
  const { hetzner, cluster, kept, log } = context
  const { servers, volumes, primaryIps, spares } = await observe(hetzner, cluster, {}, signal, {
    everything: true,
  })
  const wanted = new Set([log.resources.server, kept.volume, kept.ipv4, kept.ipv6])
  const found = [...servers, ...volumes, ...primaryIps, ...spares.servers, ...spares.primaryIps]
  const more = found.filter(each => !wanted.has(each.id))
  if (more.length > 0) {
    throw new CosmosError('Something of this cluster is there that it does not consist of, and it bills.', {
      code: 'left-over',
      hint: 'Look at it in the Hetzner Console, and delete it there if nobody uses it',
      details: more.map(each => `${each.name} (${each.id})`),
    })
  }
  const [server] = servers
  return `${server?.name}, ${volumes.length} volume, ${primaryIps.length} addresses, and nothing else`
}

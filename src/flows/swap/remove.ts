import { CosmosError } from '../../errors.ts'
import type { StepHandle } from '../../progress/index.ts'
import type { SwapContext } from './context.ts'
import { ensure } from './ensure.ts'

/** Deletes a server of ours and waits until what it held is free. One that is gone already is a success. */
export function deleteServer(
  context: Pick<SwapContext, 'hetzner' | 'log' | 'intervalMs'>,
  id: number,
  what: string,
  signal: AbortSignal,
): Promise<void> {
  const { hetzner } = context
  return ensure(
    context,
    {
      effect: `delete ${what} server`,
      look: async () => {
        const server = await hetzner.servers.get(id, signal)
        if (server === undefined) return 'so'
        return server.locked ? 'busy' : 'not-so'
      },
      act: () => hetzner.servers.delete(id, signal),
    },
    signal,
  )
}

/** The old server goes, once the volume is not with it any more: deleting it would pull the volume out. */
export async function deleteOld(context: SwapContext, { signal }: StepHandle): Promise<string | undefined> {
  const { record, hetzner, kept, log } = context
  if (record.old === null) return 'it is gone'
  const volume = await hetzner.volumes.get(kept.volume, signal)
  if (volume?.server === record.old) {
    throw new CosmosError('The volume is still at the old server, so that is not deleted.', {
      code: 'volume-attached',
      hint: 'Continue: cosmos swap',
    })
  }
  record.final = true
  await log.save()
  await deleteServer(context, record.old, 'old', signal)
  return undefined
}

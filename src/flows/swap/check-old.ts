import { type CosmosError, RefusedError } from '../../errors.ts'
import { parseWholeness, wholenessProbe } from '../../node/index.ts'
import type { StepHandle } from '../../progress/index.ts'
import { effect } from '../effects.ts'
import { isDrop } from '../machine.ts'
import type { SwapContext } from './context.ts'

/**
 * Looks, before anything is changed, whether the old server can be asked to let go, and what is well on it now.
 * A server that is off needs no asking.
 */
export async function checkOld(context: SwapContext, { signal }: StepHandle): Promise<string | undefined> {
  const { record, hetzner, log, kept } = context
  await keepAddresses(context, signal)
  if (record.releasing) return 'it was asked to let go before'
  const server = record.old === null ? undefined : await hetzner.servers.get(record.old, signal)
  if (server === undefined) return 'it is gone'
  if (server.status === 'off') return 'it is off'
  try {
    const machine = context.machine()
    record.whole = parseWholeness(await machine.read(wholenessProbe(), { signal, timeoutMs: 60_000 }))
    await log.save()
    return `${kept.address}, ${record.whole.length} claims and sealed secrets are well`
  } catch (error) {
    if (!isDrop(error)) throw error
    if (context.force) return 'it does not answer; going on, as asked'
    throw unreachable(error)
  }
}

/** An address that would be deleted with its server is kept from that, before any server goes. */
async function keepAddresses({ hetzner, kept, log }: SwapContext, signal: AbortSignal): Promise<void> {
  for (const id of [kept.ipv4, kept.ipv6]) {
    if (id === undefined || (await hetzner.primaryIps.get(id, signal))?.auto_delete !== true) continue
    await effect(log, 'keep address', () => hetzner.primaryIps.update(id, { auto_delete: false }, signal))
  }
}

/** Says what is at risk; going on needs a flag. */
export function unreachable(cause: unknown): CosmosError {
  return new RefusedError(
    'The server does not answer over SSH, so it cannot be made to let go of the volume. Without that, what it has not written yet would be lost.',
    {
      code: 'unreachable',
      hint: 'Try again later; or have it shut down, and cut off if it does not react: cosmos swap --force',
      cause,
    },
  )
}

import { HetznerError } from '../../hetzner/index.ts'
import { effect } from '../effects.ts'
import type { UpContext } from './context.ts'

type Scope = Pick<UpContext, 'hetzner' | 'log'>

/**
 * Attaches the volume, never mounted by Hetzner, and waits. Right after an interruption the server may still be in the
 * making, and attach it itself before we do: then it is so already.
 * @throws HetznerError `volume-already-attached` when another server has it
 */
export async function attachVolume(
  { hetzner, log }: Scope,
  { id, server }: { id: number; server: number },
  signal: AbortSignal,
): Promise<void> {
  const isThere = async () => (await hetzner.volumes.get(id, signal))?.server === server
  if (await isThere()) return
  try {
    const action = await effect(log, 'attach volume', () =>
      hetzner.volumes.attach(id, { server, automount: false }, signal),
    )
    await hetzner.actions.wait([action], { signal })
  } catch (error) {
    const taken = error instanceof HetznerError && error.apiCode === 'volume_already_attached'
    if (!taken || !(await isThere())) throw error
  }
}

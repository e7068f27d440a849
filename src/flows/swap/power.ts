import type { Server } from '../../hetzner/wire.ts'
import type { StepHandle } from '../../progress/step.ts'
import { effect } from '../effects.ts'
import type { SwapContext } from './context.ts'
import { ensure, type Look, mayGetBetter, pause } from './ensure.ts'

type Scope = Pick<SwapContext, 'hetzner' | 'log' | 'intervalMs'>

/** How long a system may take to shut down, milliseconds: longer than the kubelet's grace (cloudinit/k3s.ts). */
const shutdownMs = 120_000

function powerOf(server: Server, wanted: 'running' | 'off'): Look {
  if (server.locked) return 'busy'
  if (server.status === wanted) return 'so'
  return server.status === 'running' || server.status === 'off' || server.status === 'unknown'
    ? 'not-so'
    : 'busy'
}

/** The hard cut. Only for a machine that lets go of the volume first, or holds none. A server that is gone is off. */
export function ensureOff(scope: Scope, id: number, what: string, { signal }: StepHandle): Promise<void> {
  const { hetzner } = scope
  const wanted = {
    effect: `power off ${what} server`,
    look: async () => {
      const server = await hetzner.servers.get(id, signal)
      return server === undefined ? 'so' : powerOf(server, 'off')
    },
    act: () => hetzner.servers.powerOff(id, signal),
  }
  return ensure(scope, wanted, signal)
}

export function ensureOn(scope: Scope, id: number, what: string, { signal }: StepHandle): Promise<void> {
  const { hetzner } = scope
  const wanted = {
    effect: `power on ${what} server`,
    look: async () => {
      const server = await hetzner.servers.get(id, signal)
      return server === undefined ? 'not-so' : powerOf(server, 'running')
    },
    act: () => hetzner.servers.powerOn(id, signal),
  }
  return ensure(scope, wanted, signal)
}

/**
 * Presses the power button, and again, since one in the first seconds of a boot is ignored; a system that lives ends its
 * work and unmounts. One that does not react in two minutes is cut off.
 * @returns whether it went off by itself
 */
export async function shutDown(scope: Scope, id: number, what: string, task: StepHandle): Promise<boolean> {
  const { hetzner, log } = scope
  const { signal } = task
  const until = Date.now() + shutdownMs
  for (let asked = 0; Date.now() < until; ) {
    const server = await hetzner.servers.get(id, signal)
    if (server === undefined || powerOf(server, 'off') === 'so') return true
    if (server.status === 'running' && !server.locked && Date.now() >= asked) {
      try {
        const action = await effect(log, `shut down ${what} server`, () =>
          hetzner.servers.shutdown(id, signal),
        )
        await hetzner.actions.wait([action], { signal })
      } catch (error) {
        if (!mayGetBetter(error)) throw error
      }
      asked = Date.now() + shutdownMs / 4
      task.progress('waiting for the system to shut down')
    }
    await pause(scope.intervalMs, signal)
  }
  task.log('The system does not shut down, so its power is cut.')
  await ensureOff(scope, id, what, task)
  return false
}

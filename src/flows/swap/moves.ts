import type { StepHandle } from '../../progress/step.ts'
import type { SwapContext } from './context.ts'
import { type Ensure, ensure } from './ensure.ts'

type Scope = Pick<SwapContext, 'hetzner' | 'log' | 'intervalMs'>

/** The volume free of every server but that one. Prove before that nothing writes to it. */
export function ensureVolumeFree(
  scope: Scope,
  volume: number,
  keeper: number | null,
  { signal }: StepHandle,
): Promise<void> {
  const { hetzner } = scope
  const wanted: Ensure = {
    effect: 'detach volume',
    look: async () => {
      const holder = (await hetzner.volumes.get(volume, signal))?.server ?? null
      return holder === null || holder === keeper ? 'so' : 'not-so'
    },
    act: () => hetzner.volumes.detach(volume, signal),
  }
  return ensure(scope, wanted, signal)
}

/** The volume at a server. It must be free, or there already. */
export function ensureVolumeAt(
  scope: Scope,
  volume: number,
  to: number,
  { signal }: StepHandle,
): Promise<void> {
  const { hetzner } = scope
  const wanted: Ensure = {
    effect: 'attach volume',
    look: async () => ((await hetzner.volumes.get(volume, signal))?.server === to ? 'so' : 'not-so'),
    act: () => hetzner.volumes.attach(volume, { server: to, automount: false }, signal),
  }
  return ensure(scope, wanted, signal)
}

/** An address free of every server but that one. The server that has it must be off. */
export function ensureAddressFree(
  scope: Scope,
  ip: number,
  keeper: number | null,
  { signal }: StepHandle,
): Promise<void> {
  const { hetzner } = scope
  const wanted: Ensure = {
    effect: 'unassign address',
    look: async () => {
      const assignee = (await hetzner.primaryIps.get(ip, signal))?.assignee_id ?? null
      return assignee === null || assignee === keeper ? 'so' : 'not-so'
    },
    act: () => hetzner.primaryIps.unassign(ip, signal),
  }
  return ensure(scope, wanted, signal)
}

/** An address at a server that is off. It must be free, or there already. */
export function ensureAddressAt(scope: Scope, ip: number, to: number, { signal }: StepHandle): Promise<void> {
  const { hetzner } = scope
  const wanted: Ensure = {
    effect: 'assign address',
    look: async () => {
      const assignee = (await hetzner.primaryIps.get(ip, signal))?.assignee_id ?? null
      return assignee === to ? 'so' : 'not-so'
    },
    act: () => hetzner.primaryIps.assign(ip, to, signal),
  }
  return ensure(scope, wanted, signal)
}

/**
 * Volume and addresses to one server, from wherever they are; both servers are off. One action at a time on each server,
 * because each locks it, but side by side on the two: while the new one gets the volume, the old one gives an address.
 */
export async function moveTo(
  context: Pick<SwapContext, 'hetzner' | 'log' | 'intervalMs' | 'kept'>,
  server: number,
  task: StepHandle,
): Promise<void> {
  const { volume, ipv4, ipv6 } = context.kept
  await ensureVolumeFree(context, volume, server, task)
  await Promise.all([
    ensureVolumeAt(context, volume, server, task),
    ensureAddressFree(context, ipv4, server, task),
  ])
  await Promise.all([
    ensureAddressAt(context, ipv4, server, task),
    ipv6 === undefined ? undefined : ensureAddressFree(context, ipv6, server, task),
  ])
  if (ipv6 !== undefined) await ensureAddressAt(context, ipv6, server, task)
}

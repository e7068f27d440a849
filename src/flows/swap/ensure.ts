import { setTimeout as delay } from 'node:timers/promises'
import { CosmosError, throwIfAborted } from '../../errors.ts'
import { HetznerError } from '../../hetzner/index.ts'
import type { Action } from '../../hetzner/wire.ts'
import { effect } from '../effects.ts'
import type { SwapContext } from './context.ts'

/** `busy`: something is under way on it; look again. */
export type Look = 'so' | 'not-so' | 'busy'

export type Ensure = {
  /** What is about to happen: `attach volume`. */
  effect: string
  look: () => Promise<Look>
  act: () => Promise<Action | undefined>
}

type Scope = Pick<SwapContext, 'hetzner' | 'log' | 'intervalMs'>

const mostAttempts = 5
/** How long something may stay busy, milliseconds. */
const busyForMs = 5 * 60_000

/**
 * Makes something so, however often it is asked and whatever an earlier run left: looks, acts, waits, and after a failure
 * looks again, because the work behind a lost answer may have been done. What cannot get better is thrown at once.
 */
export async function ensure(scope: Scope, wanted: Ensure, signal: AbortSignal): Promise<void> {
  const { hetzner, log } = scope
  for (let attempt = 1; ; attempt++) {
    if ((await settled(scope, wanted, signal)) === 'so') return
    try {
      const action = await effect(log, wanted.effect, wanted.act)
      if (action !== undefined) await hetzner.actions.wait([action], { signal })
      return
    } catch (error) {
      if (!mayGetBetter(error) || attempt === mostAttempts) throw error
      await pause(scope.intervalMs * attempt, signal)
    }
  }
}

async function settled(
  scope: Scope,
  { look, effect }: Ensure,
  signal: AbortSignal,
): Promise<'so' | 'not-so'> {
  const until = Date.now() + busyForMs
  for (;;) {
    const seen = await look()
    if (seen !== 'busy') return seen
    if (Date.now() > until) throw stillBusy(effect)
    await pause(scope.intervalMs, signal)
  }
}

/** Waits, unless the signal aborts. @param ms milliseconds */
export async function pause(ms: number, signal: AbortSignal): Promise<void> {
  try {
    await delay(ms, undefined, { signal })
  } catch (error) {
    throwIfAborted(signal)
    throw error
  }
}

/** By code: what says "no" for good is left out. */
const passing = new Set([
  'action_failed',
  'action_timeout',
  'conflict',
  'locked',
  'must_be_unassigned',
  'primary_ip_already_assigned',
  'primary_ip_assigned',
  'resource_in_use',
  'server_error',
  'server_has_ipv4',
  'server_has_ipv6',
  'server_not_stopped',
  'service_error',
  'timeout',
  'unavailable',
  'unknown_error',
  'volume_already_attached',
])

/** Whether it is worth looking again and trying again. */
export function mayGetBetter(error: unknown): boolean {
  return error instanceof HetznerError && (error.outcome === 'unknown' || passing.has(error.apiCode))
}

function stillBusy(what: string): CosmosError {
  return new CosmosError(
    `Waited ${busyForMs / 60_000} min to ${what}: something else is still under way on it.`,
    {
      code: 'busy',
      hint: 'See where things stand: cosmos status. Then continue: cosmos swap',
    },
  )
}

import type { Hetzner } from './create.ts'
import type { WaitOptions } from './wait.ts'
import type { Action } from './wire.ts'

export type { CallNote } from './call.ts'
export { createHetzner, type Hetzner, type HetznerOptions } from './create.ts'
export { ApiActionError, HetznerError, type Outcome } from './errors.ts'
export type { WaitOptions } from './wait.ts'

/** Waits until all actions have ended well, polling them together. The same as `hetzner.actions.wait`. */
export function waitForActions(
  hetzner: Hetzner,
  actions: readonly Action[],
  options?: WaitOptions,
): Promise<Action[]> {
  return hetzner.actions.wait(actions, options)
}

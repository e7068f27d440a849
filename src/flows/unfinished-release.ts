import type { Operation } from '../state/index.ts'

/** In the journal: the server is asked to end its workload and let go of the volume. */
export const releaseEffect = 'release volume'
/** In the journal: the server is put back to work. */
export const restoreEffect = 'restore server'

/**
 * The journal entry of a `down` that was cut off after it had asked the server to end its workload and before the server was deleted:
 * K3s is stopped and the node takes no pods until somebody puts it back to work. A `resize` may have been in the middle of the same.
 */
export function unfinishedRelease(operation: Operation | null): Operation['journal'][number] | undefined {
  if (operation?.kind === 'resize')
    return { at: operation.startedAt, effect: releaseEffect, status: 'intent' }
  const last = operation?.journal.findLast(
    ({ effect }) => effect === releaseEffect || effect === restoreEffect,
  )
  const isAwake = last === undefined || (last.effect === restoreEffect && last.status === 'done')
  return isAwake ? undefined : last
}

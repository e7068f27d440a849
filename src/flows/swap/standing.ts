import { CosmosError, InterruptedError } from '../../errors.ts'
import type { SwapRecord } from '../../state/state.ts'

/** Where a swap stands, for somebody who has to decide now. */
export function standingOf(record: SwapRecord): string {
  const { direction, strategy, releasing, final, outageTo } = record
  if (direction === 'back') return 'The swap was on its way back to the old server.'
  if (final) {
    if (strategy === 'replace') return 'The new server is at work; the old one was about to be deleted.'
    if (strategy === 'recreate')
      return 'The old server is deleted, or about to be; volume and addresses are kept.'
    return 'The server is being rebuilt; the volume was released before and is kept.'
  }
  if (outageTo !== undefined)
    return 'The new server is at work, and was being looked over; the old one is kept.'
  if (releasing)
    return 'The workload is stopped, and nobody is served; the volume and the old server are whole.'
  return 'The old server is at work as before.'
}

/** What to type next. */
export function nextOf({ direction, final }: SwapRecord): string {
  if (direction === 'back') return 'continue with: cosmos swap --back'
  return final
    ? 'continue with: cosmos swap'
    : 'continue with: cosmos swap. Or go back to the old server: cosmos swap --back'
}

/** The failure with a sentence that says where things stand, and both ways on. */
export function told(error: unknown, record: SwapRecord): unknown {
  if (error instanceof InterruptedError) {
    return new InterruptedError(`Interrupted. ${standingOf(record)}`, { hint: nextOf(record), cause: error })
  }
  if (!(error instanceof CosmosError)) return error
  const { code, hint, exitCode, details } = error
  const hints = hint === undefined ? nextOf(record) : `${hint}. Then ${nextOf(record)}`
  return new CosmosError(`${error.message} ${standingOf(record)}`, {
    code,
    hint: hints,
    exitCode,
    details,
    cause: error,
  })
}

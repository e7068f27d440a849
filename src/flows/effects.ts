import type { Operation, Resources } from '../state/state.ts'

/** What a flow needs of the state file to write down each external effect before and after it happens. */
export type EffectLog = {
  resources: Resources
  operation: Operation | null
  save(): Promise<void>
}

/**
 * Runs one external effect with its intent on disk before and its result after, so that a run killed in between is continued.
 * @param effect what is about to happen: `create server`.
 * @param record what of the answer belongs into the state file.
 */
export async function effect<T>(
  log: EffectLog,
  effect: string,
  run: () => Promise<T>,
  record?: (result: T, resources: Resources) => void,
): Promise<T> {
  const entry = { at: new Date().toISOString(), effect, status: 'intent' as 'intent' | 'done' }
  log.operation?.journal.push(entry)
  await log.save()
  const result = await run()
  entry.status = 'done'
  record?.(result, log.resources)
  await log.save()
  return result
}

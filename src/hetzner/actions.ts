import { take, takeList } from './answer.ts'
import { isNotFound } from './collection.ts'
import { HetznerError } from './errors.ts'
import { type Call, get } from './request.ts'
import type { Action } from './wire.ts'

/** Most ids in one request, as hcloud-go does it: well below what a URL may hold. */
const batchSize = 25

/** The present state of each action, many in one request; one that the answer leaves out is asked for by itself. */
export async function fetchActions(
  call: Call,
  ids: readonly number[],
  signal?: AbortSignal | undefined,
): Promise<Action[]> {
  const batches = Array.from({ length: Math.ceil(ids.length / batchSize) }, (_, index) =>
    ids.slice(index * batchSize, (index + 1) * batchSize),
  )
  return (await Promise.all(batches.map(batch => fetchBatch(call, batch, signal)))).flat()
}

async function fetchBatch(
  call: Call,
  ids: readonly number[],
  signal: AbortSignal | undefined,
): Promise<Action[]> {
  const found = takeList<Action>(await call(get('/actions', { id: ids }), signal), 'actions')
  const missing = ids.filter(id => !found.some(action => action.id === id))
  return [...found, ...(await Promise.all(missing.map(id => fetchAction(call, id, signal))))]
}

/** @throws HetznerError `action_not_found`, with an unknown outcome: the work may have been done. */
async function fetchAction(call: Call, id: number, signal: AbortSignal | undefined): Promise<Action> {
  try {
    return take<Action>(await call(get(`/actions/${id}`), signal), 'action')
  } catch (error) {
    if (!isNotFound(error)) throw error
    throw new HetznerError(`Hetzner does not know the action ${id} any more, so its end was not seen.`, {
      apiCode: 'action_not_found',
      hint: 'See where things stand: cosmos status',
      outcome: 'unknown',
      cause: error,
    })
  }
}

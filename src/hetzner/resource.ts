import { take } from './answer.ts'
import { type Collection, deleteOne, type Filter, getOne, listAll, updateOne } from './collection.ts'
import type { Call, QueryValue, Request } from './request.ts'
import type { Action, Labels } from './wire.ts'

/** What every kind of resource can do. */
export type Readable<T, F> = {
  /** All that match, from every page. */
  list(filter?: F, signal?: AbortSignal): Promise<T[]>
  /** Undefined when there is none of that id. */
  get(id: number, signal?: AbortSignal): Promise<T | undefined>
}

export function readable<T extends object, F extends Filter = Filter>(
  call: Call,
  collection: Collection,
): Readable<T, F> {
  return {
    list: (filter, signal) =>
      listAll<T>(call, collection, filter as Record<string, QueryValue> | undefined, signal),
    get: (id, signal) => getOne<T>(call, collection, id, signal),
  }
}

export type Writable<T, Changes> = {
  /** `labels` replaces the whole set. */
  update(id: number, changes: Changes, signal?: AbortSignal): Promise<T>
}

export function writable<T extends object, Changes extends { name?: string; labels?: Labels }>(
  call: Call,
  collection: Collection,
): Writable<T, Changes> {
  return { update: (id, changes, signal) => updateOne<T>(call, collection, id, changes, signal) }
}

/** Idempotent: gone already is a success. */
export async function discard(
  call: Call,
  collection: Collection,
  id: number,
  signal?: AbortSignal,
): Promise<void> {
  await deleteOne(call, collection, id, signal)
}

/** Sends a write that answers with exactly one action. */
export async function actionOf(call: Call, request: Request, signal?: AbortSignal): Promise<Action> {
  return take<Action>(await call(request, signal), 'action')
}

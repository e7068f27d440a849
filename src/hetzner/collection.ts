import { take, takeActions, takeList } from './answer.ts'
import { HetznerError } from './errors.ts'
import { type Call, get, put, type QueryValue, remove } from './request.ts'
import type { Action, Labels, Pagination } from './wire.ts'

/** Largest page the API gives (facts §2.1). */
const pageSize = 50

/** What every list can be narrowed by. `name` is exact. */
export type Filter = {
  name?: string | undefined
  /** As the API writes it: `cosmos.dev/cluster=demo,role!=old`. */
  labelSelector?: string | undefined
  /** `name`, `created:desc`, … */
  sort?: string | readonly string[] | undefined
}

/** Where a kind of resource lives: `/servers` answers `{servers: […]}` and `/servers/42` answers `{server: …}`. */
export type Collection = { path: string; plural: string; singular: string }

/** All pages of a list, one after the other. */
export async function listAll<T extends object>(
  call: Call,
  { path, plural }: Collection,
  filter: Readonly<Record<string, QueryValue>> = {},
  signal?: AbortSignal,
): Promise<T[]> {
  const query = Object.fromEntries(Object.entries(filter).map(([key, value]) => [snakeCase(key), value]))
  const found: T[] = []
  let page: number | null = 1
  while (page !== null) {
    const answer = await call(get(path, { ...query, page, per_page: pageSize }), signal)
    found.push(...takeList<T>(answer, plural))
    page = nextPage(answer.meta, page)
  }
  return found
}

function nextPage(meta: unknown, page: number): number | null {
  const next = (meta as { pagination?: Pagination } | undefined)?.pagination?.next_page ?? null
  return next !== null && next > page ? next : null
}

/** The resource, or undefined when there is none of that id: not found is nothing, not a failure. */
export async function getOne<T extends object>(
  call: Call,
  { path, singular }: Collection,
  id: number,
  signal?: AbortSignal,
): Promise<T | undefined> {
  try {
    return take<T>(await call(get(`${path}/${id}`), signal), singular)
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

/** Changes the name or other plain fields. `labels` replaces the whole set. */
export async function updateOne<T extends object>(
  call: Call,
  { path, singular }: Collection,
  id: number,
  body: { name?: string; labels?: Labels },
  signal?: AbortSignal,
): Promise<T> {
  return take<T>(await call(put(`${path}/${id}`, body), signal), singular)
}

/** Deletes; one that is gone already is a success. Returns the action when the API makes one of it. */
export async function deleteOne(
  call: Call,
  { path }: Collection,
  id: number,
  signal?: AbortSignal,
): Promise<Action | undefined> {
  try {
    return takeActions(await call(remove(`${path}/${id}`), signal))[0]
  } catch (error) {
    if (isNotFound(error)) return undefined
    throw error
  }
}

export function isNotFound(error: unknown): boolean {
  return error instanceof HetznerError && error.apiCode === 'not_found'
}

function snakeCase(name: string): string {
  return name.replace(/[A-Z]/g, letter => `_${letter.toLowerCase()}`)
}

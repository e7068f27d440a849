export type QueryValue = string | number | boolean | readonly (string | number)[] | undefined
export type Query = Readonly<Record<string, QueryValue>>

/** One call of the API, not yet sent. */
export type Request = {
  method: 'GET' | 'POST' | 'PUT' | 'DELETE'
  /** Below the base URL, with a leading slash: `/servers/42`. */
  path: string
  query?: Query
  body?: object
  /** Whether sending it twice ends the same as sending it once, so that a lost answer may be asked for again. */
  repeatable: boolean
}

/** The parsed body of a successful answer; empty for 204. */
export type Answer = Readonly<Record<string, unknown>>

/** The API as one function: request in, answer out, HetznerError otherwise. */
export type Call = (request: Request, signal?: AbortSignal | undefined) => Promise<Answer>

/** Multi-value parameters repeat the key (`id=1&id=2`), as the API wants it. */
export function encodeQuery(query: Query): string {
  const pairs = new URLSearchParams()
  for (const [key, value] of Object.entries(query)) {
    if (value === undefined) continue
    for (const each of Array.isArray(value) ? value : [value]) pairs.append(key, String(each))
  }
  return pairs.toString()
}

export const get = (path: string, query?: Query): Request => ({
  method: 'GET',
  path,
  repeatable: true,
  ...(query && { query }),
})
export const put = (path: string, body: object): Request => ({ method: 'PUT', path, body, repeatable: true })
export const remove = (path: string): Request => ({ method: 'DELETE', path, repeatable: true })

/** A write that must not be sent again when its answer was lost: it may have been done. */
export const post = (path: string, body?: object): Request => ({
  method: 'POST',
  path,
  repeatable: false,
  ...(body && { body }),
})

/** A write that sets something to a value: doing it twice changes nothing. */
export const repeatablePost = (path: string, body?: object): Request => ({
  ...post(path, body),
  repeatable: true,
})

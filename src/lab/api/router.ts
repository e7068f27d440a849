import type { Handler, Routes } from './call.ts'

/** `handler` is missing when the path exists with other methods only. */
export type Match = { handler: Handler | undefined; ids: number[] }
export type Router = (method: string, path: string) => Match | undefined

/** A table from `GET /servers/{id}` to its handler. A number in a path stands for `{id}`. */
export function router(routes: Routes): Router {
  const table = new Map(Object.entries(routes))
  const paths = new Set(Object.keys(routes).map(route => route.slice(route.indexOf(' ') + 1)))
  return (method, path) => {
    const ids: number[] = []
    const pattern = path.replace(/(?<=\/)\d+(?=\/|$)/g, digits => {
      ids.push(Number(digits))
      return '{id}'
    })
    if (!paths.has(pattern)) return undefined
    return { handler: table.get(`${method} ${pattern}`), ids }
  }
}

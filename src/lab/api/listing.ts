import type { Labels, Meta } from '../../hetzner/wire.ts'
import type { Answer, Call } from './call.ts'
import { invalidInput } from './failure.ts'
import { parseSelector } from './selector.ts'

/** Page size that is used when none is asked for, and the largest. Source: OpenAPI text, "Pagination" · documented. */
const usualPerPage = 25
const mostPerPage = 50

type Query = URLSearchParams
type Rows<T> = {
  /** Key of the answer: `servers`. */
  as: string
  rows: T[]
  view: (row: T) => unknown
  /** Fields that `sort` may name, with what to compare; others are ignored · documented in the newest text. */
  sort?: Record<string, (row: T) => string | number>
}

/** One page of a list: sorted, cut, with `meta` and the `Link` header. Filters come before, see `filtered`. */
export function listing<T>(call: Call, { as, rows, view, sort = {} }: Rows<T>): Answer {
  const { page, perPage } = pageOf(call.query)
  const sorted = sortBy(rows, call.query.getAll('sort'), sort)
  const last = Math.max(1, Math.ceil(sorted.length / perPage))
  const shown = sorted.slice((page - 1) * perPage, page * perPage)
  const meta: Meta = {
    pagination: {
      page,
      per_page: perPage,
      previous_page: page > 1 ? page - 1 : null,
      next_page: page < last ? page + 1 : null,
      last_page: last,
      total_entries: sorted.length,
    },
  }
  const link = linkHeader(call, meta)
  return { status: 200, body: { [as]: shown.map(view), meta }, ...(link && { headers: { Link: link } }) }
}

function pageOf(query: Query): { page: number; perPage: number } {
  const page = countOf(query, 'page', 1)
  // More than 50 is cut down to 50: guessed.
  const perPage = Math.min(mostPerPage, countOf(query, 'per_page', usualPerPage))
  return { page, perPage }
}

function countOf(query: Query, name: string, usual: number): number {
  const text = query.get(name)
  if (text === null || text === '') return usual
  if (!/^\d{1,15}$/.test(text) || Number(text) < 1)
    throw invalidInput([{ name, messages: ['Must be an integer of at least 1.'] }])
  return Number(text)
}

/** `sort=status:asc&sort=id`: applied in order. Source: OpenAPI text, "Sorting" · documented. */
function sortBy<T>(rows: T[], wanted: string[], fields: Record<string, (row: T) => string | number>): T[] {
  const orders = wanted.flatMap(text => {
    const [name = '', direction = 'asc'] = text.split(':')
    const read = Object.hasOwn(fields, name) ? fields[name] : undefined
    return read && ['asc', 'desc'].includes(direction) ? [{ read, sign: direction === 'asc' ? 1 : -1 }] : []
  })
  if (orders.length === 0) return rows
  return [...rows].sort((a, b) => {
    for (const { read, sign } of orders) {
      const [left, right] = [read(a), read(b)]
      if (left !== right) return left < right ? -sign : sign
    }
    return 0
  })
}

/** RFC 8288, rel prev, next and last. Source: OpenAPI text · documented; the order of parameters is guessed. */
function linkHeader({ url, query }: Call, { pagination }: Meta): string {
  const { previous_page, next_page, last_page } = pagination
  const to = (rel: string, page: number | null) => {
    if (page === null) return []
    const target = new URLSearchParams(query)
    target.set('page', String(page))
    return [`<${url}?${target}>; rel="${rel}"`]
  }
  const links = [
    ...to('prev', previous_page),
    ...to('next', next_page),
    ...to('last', next_page === null ? null : last_page),
  ]
  return links.join(', ')
}

/** Keeps the rows whose field equals one of the parameter's values; `status=off&status=running` repeats the key. */
export function keepBy<T>(rows: T[], query: Query, name: string, read: (row: T) => unknown): T[] {
  const wanted = query.getAll(name).filter(value => value !== '')
  return wanted.length === 0 ? rows : rows.filter(row => wanted.includes(String(read(row))))
}

/** The filters that every labelled resource has: `name` (exact) and `label_selector`. */
export function filtered<T extends { name: string | null; labels: Labels }>(rows: T[], query: Query): T[] {
  return keepByLabels(
    keepBy(rows, query, 'name', row => row.name),
    query,
  )
}

export function keepByLabels<T extends { labels: Labels }>(rows: T[], query: Query): T[] {
  const text = query.get('label_selector')
  if (text === null || text === '') return rows
  const matches = parseSelector(text)
  if (!matches) throw invalidInput([{ name: 'label_selector', messages: ['Not a valid label selector.'] }])
  return rows.filter(row => matches(row.labels))
}

import type { ActionRecord } from '../../store/index.ts'
import { type Call, type Handler, ok, type Routes } from '../call.ts'
import { ApiFailure, invalidInput } from '../failure.ts'
import { find } from '../find.ts'
import { keepBy, listing } from '../listing.ts'
import { actionView } from '../views/index.ts'

const sort = {
  id: (row: ActionRecord) => row.id,
  command: (row: ActionRecord) => row.command,
  status: (row: ActionRecord) => row.status,
  started: (row: ActionRecord) => row.startedAt,
  finished: (row: ActionRecord) => row.finishedAt ?? Number.POSITIVE_INFINITY,
}

/** Name of the kind in paths, in the store, and in `action.resources`. */
const kinds = [
  ['servers', 'servers', 'server'],
  ['volumes', 'volumes', 'volume'],
  ['primary_ips', 'primaryIps', 'primary_ip'],
  ['firewalls', 'firewalls', 'firewall'],
  ['images', 'images', 'image'],
] as const

export const actionRoutes: Routes = {
  // Without ids it stopped to work on 2025-01-30. Source: changelog · documented; the code of the answer is guessed.
  // Ids that do not exist are left out: hcloud-go counts on it. No `meta`: OpenAPI text · documented
  'GET /actions'(call) {
    const wanted = call.query.getAll('id').map(Number)
    if (wanted.length === 0)
      throw invalidInput([{ name: 'id', messages: ['Missing data for required field.'] }])
    const rows = wanted.map(id => call.cloud.store.get('actions', id)).filter(row => row !== undefined)
    const { body } = listing(
      { ...call, query: allOnOnePage(call) },
      { as: 'actions', rows, view: view(call), sort },
    )
    return ok({ actions: (body as { actions: unknown }).actions })
  },
  'GET /actions/{id}': ({ cloud, ids: [id = 0] }) =>
    ok({ action: actionView(cloud, find(cloud, 'actions', id)) }),
  ...Object.fromEntries(kinds.flatMap(([path, kind, type]) => routesOf(path, kind, type))),
}

function routesOf(path: string, kind: (typeof kinds)[number][1], type: string): [string, Handler][] {
  const all = (call: Call) => call.cloud.store.all('actions').filter(row => concerns(row, type))
  return [
    [
      `GET /${path}/actions`,
      call =>
        list(
          call,
          keepBy(all(call), call.query, 'id', row => row.id),
        ),
    ],
    [`GET /${path}/actions/{id}`, call => one(call, all(call), call.ids[0] ?? 0)],
    [
      `GET /${path}/{id}/actions`,
      call => {
        const { id } = find(call.cloud, kind, call.ids[0] ?? 0)
        return list(
          call,
          call.cloud.store.all('actions').filter(row => concerns(row, type, id)),
        )
      },
    ],
    // Deprecated since 2026-04-30 in favour of /actions/{id}, still answered. Source: changelog · documented
    [`GET /${path}/{id}/actions/{id}`, call => one(call, all(call), call.ids[1] ?? 0)],
  ]
}

function concerns({ resources }: ActionRecord, type: string, id?: number): boolean {
  return resources.some(resource => resource.type === type && (id === undefined || resource.id === id))
}

function list(call: Call, rows: ActionRecord[]) {
  const found = keepBy(rows, call.query, 'status', row => row.status)
  return listing(call, { as: 'actions', rows: found, view: view(call), sort })
}

function one({ cloud }: Call, rows: ActionRecord[], id: number) {
  const row = rows.find(action => action.id === id)
  if (!row) throw new ApiFailure('not_found', `action with ID '${id}' not found`)
  return ok({ action: actionView(cloud, row) })
}

function view({ cloud }: Call) {
  return (row: ActionRecord) => actionView(cloud, row)
}

/** hcloud-go asks for 25 ids with `page=1`; a request for more ids than a page holds gets them all (guessed). */
function allOnOnePage({ query }: Call): URLSearchParams {
  const sorting = query.getAll('sort').map((value): [string, string] => ['sort', value])
  return new URLSearchParams([...sorting, ['per_page', '50']])
}

import type { Call, Handler, Routes } from '../call.ts'
import { ApiFailure, notFound } from '../failure.ts'
import { listing } from '../listing.ts'

/** Kinds that the lab does not have: their lists are empty, so that a client can list everything; creating one is refused. */
const absent = {
  networks: 'network',
  placement_groups: 'placement group',
  load_balancers: 'load balancer',
  load_balancer_types: 'load balancer type',
  isos: 'ISO',
  floating_ips: 'floating IP',
  certificates: 'certificate',
  zones: 'zone',
} as const

/** Kinds that nobody creates, on the service either. */
const readOnly = ['load_balancer_types', 'isos']

export const absentRoutes: Routes = {
  ...Object.fromEntries(Object.entries(absent).flatMap(([path, word]) => routesOf(path, word))),
  'GET /datacenters': gone,
  'GET /datacenters/{id}': gone,
}

function routesOf(path: string, word: string): [string, Handler][] {
  const lists: [string, Handler][] = [
    [`GET /${path}`, call => listing(call, { as: path, rows: [], view: row => row })],
    [
      `GET /${path}/{id}`,
      call => {
        throw notFound(word, call.ids[0] ?? 0)
      },
    ],
  ]
  if (readOnly.includes(path)) return lists
  return [
    ...lists,
    [`GET /${path}/actions`, call => listing(call, { as: 'actions', rows: [], view: row => row })],
    [
      `POST /${path}`,
      () => {
        throw new ApiFailure('unsupported_error', `the lab has no ${word}s`)
      },
    ],
    [
      `PUT /${path}/{id}`,
      call => {
        throw notFound(word, call.ids[0] ?? 0)
      },
    ],
    [
      `DELETE /${path}/{id}`,
      call => {
        throw notFound(word, call.ids[0] ?? 0)
      },
    ],
  ]
}

/** Since 2026-10-01. Source: changelog · documented, seen by others on 2026-10-05. */
function gone(_: Call): never {
  throw new ApiFailure('deprecated_api_endpoint', 'this endpoint is deprecated and no longer available', {
    announcement: 'https://docs.hetzner.cloud/changelog#2026-06-02-datacenters-deprecated',
  })
}

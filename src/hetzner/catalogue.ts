import { take } from './answer.ts'
import type { Filter } from './collection.ts'
import { type Call, get } from './request.ts'
import { type Readable, readable } from './resource.ts'
import type { Location, Pricing, ServerType } from './wire.ts'

/** What Hetzner offers: `available` in a server type is only a hint, an order may still fail with `resource_unavailable`. */
export type ServerTypes = Readable<ServerType, Filter>
export type Locations = Readable<Location, Filter>
export type PriceList = {
  /** Prices without and with VAT, as strings. */
  get(signal?: AbortSignal): Promise<Pricing>
}

export function serverTypes(call: Call): ServerTypes {
  return readable(call, { path: '/server_types', plural: 'server_types', singular: 'server_type' })
}

export function locations(call: Call): Locations {
  return readable(call, { path: '/locations', plural: 'locations', singular: 'location' })
}

export function priceList(call: Call): PriceList {
  return { get: async signal => take<Pricing>(await call(get('/pricing'), signal), 'pricing') }
}

import type { Location } from '../../../hetzner/wire.ts'
import { findServerType, locations, pricing, serverTypes } from '../../catalogue/index.ts'
import { ok, type Routes } from '../call.ts'
import { notFound } from '../failure.ts'
import { keepBy, listing } from '../listing.ts'
import { serverTypeView } from '../views/index.ts'

/** What the service sells, and where. */
export const catalogueRoutes: Routes = {
  'GET /locations'(call) {
    const rows = keepBy([...locations], call.query, 'name', row => row.name)
    const sort = { id: (row: Location) => row.id, name: (row: Location) => row.name }
    return listing(call, { as: 'locations', rows, view: row => row, sort })
  },

  'GET /locations/{id}'({ ids: [id = 0] }) {
    const location = locations.find(row => row.id === id)
    if (!location) throw notFound('location', id)
    return ok({ location })
  },

  // `available` is only a hint. Source: changelog of 2026-04-01 · documented
  'GET /server_types'(call) {
    const rows = keepBy([...serverTypes], call.query, 'name', row => row.name)
    return listing(call, { as: 'server_types', rows, view: row => serverTypeView(call.cloud, row) })
  },

  'GET /server_types/{id}'({ cloud, ids: [id = 0] }) {
    const type = findServerType(id)
    if (!type) throw notFound('server type', id)
    return ok({ server_type: serverTypeView(cloud, type) })
  },

  'GET /pricing': () => ok({ pricing }),
}

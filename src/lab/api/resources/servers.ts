import type { ServerRecord } from '../../store/index.ts'
import { ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import { ApiFailure, isProtected } from '../failure.ts'
import { freeServer, named } from '../find.ts'
import { readLabels } from '../labels.ts'
import { filtered, keepBy, listing } from '../listing.ts'
import { requireFreeName, serverName } from '../names.ts'
import { actionView, serverView } from '../views/index.ts'

const sort = {
  id: (row: ServerRecord) => row.id,
  name: (row: ServerRecord) => row.name,
  created: (row: ServerRecord) => row.createdAt,
}

export const serverRoutes: Routes = {
  'GET /servers'(call) {
    const rows = keepBy(
      filtered(call.cloud.store.all('servers'), call.query),
      call.query,
      'status',
      r => r.status,
    )
    return listing(call, { as: 'servers', rows, view: row => serverView(call.cloud, row), sort })
  },

  'GET /servers/{id}': call => ok({ server: serverView(call.cloud, named(call, 'servers')) }),

  'PUT /servers/{id}'(call) {
    const { store, clock } = call.cloud
    const row = named(call, 'servers')
    const checks = new Checks(call.body)
    const name = serverName(checks) ?? row.name
    const labels = readLabels(checks, call.body)
    checks.done()
    requireFreeName(store, 'servers', name, row.id)
    Object.assign(row, { name }, labels && { labels, labelsAt: clock.now() })
    return ok({ server: serverView(call.cloud, store.put('servers', row)) })
  },

  // 200 with an action, unlike every other DELETE. Source: OpenAPI text · documented.
  // Refused while a delete-protected address is assigned: FAQ · documented; the code is guessed.
  'DELETE /servers/{id}'(call) {
    const { cloud } = call
    const server = freeServer(call)
    if (server.protection.delete) throw isProtected('server')
    const address = [server.ipv4, server.ipv6]
      .map(id => (id === null ? undefined : cloud.store.get('primaryIps', id)))
      .find(ip => ip?.protection.delete)
    if (address) throw new ApiFailure('protected', `Primary IP '${address.name}' of the server is protected`)
    cloud.store.put('servers', Object.assign(server, { status: 'deleting' }))
    const action = cloud.actions.begin({
      command: 'delete_server',
      resources: [{ id: server.id, type: 'server' }],
      locks: [`server:${server.id}`, ...server.volumes.map(id => `volume:${id}`)],
    })
    return ok({ action: actionView(cloud, action) })
  },

  // An empty series: the lab measures nothing.
  'GET /servers/{id}/metrics'(call) {
    named(call, 'servers')
    const [start, end] = [call.query.get('start'), call.query.get('end')]
    const step = Number(call.query.get('step') ?? 60)
    return ok({ metrics: { start, end, step, time_series: {} } })
  },
}

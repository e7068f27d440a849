import { findLocation } from '../../catalogue/index.ts'
import type { VolumeRecord } from '../../store/index.ts'
import { created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, isProtected, overLimit } from '../failure.ts'
import { find, named, requireUnlocked } from '../find.ts'
import { readLabels } from '../labels.ts'
import { filtered, keepBy, listing } from '../listing.ts'
import { requireFreeName, volumeNameIn } from '../names.ts'
import { volumeSize } from '../rules/volume-size.ts'
import { actionView, volumeView } from '../views/index.ts'
import { beginAttach, freeVolume, resourceOf } from './volume-actions.ts'

const sort = {
  id: (row: VolumeRecord) => row.id,
  name: (row: VolumeRecord) => row.name,
  created: (row: VolumeRecord) => row.createdAt,
}

export const volumeRoutes: Routes = {
  'GET /volumes'(call) {
    const rows = keepBy(
      filtered(call.cloud.store.all('volumes'), call.query),
      call.query,
      'status',
      r => r.status,
    )
    return listing(call, { as: 'volumes', rows, view: volumeView, sort })
  },

  'GET /volumes/{id}': call => ok({ volume: volumeView(named(call, 'volumes')) }),

  'POST /volumes'({ cloud, body }) {
    const { store, actions } = cloud
    const wanted = readNew(cloud, body)
    requireFreeName(store, 'volumes', wanted.row.name)
    if (store.count('volumes') >= cloud.settings.limit('volumes'))
      throw overLimit('volume limit exceeded', 'volume_limit')
    const volume: VolumeRecord = store.put('volumes', { ...wanted.row, id: store.nextId('volumes') })
    const action = actions.begin({
      command: 'create_volume',
      resources: [{ id: volume.id, type: 'volume' }, ...resourceOf(wanted.server)],
      locks: [`volume:${volume.id}`],
    })
    const next = wanted.server ? [beginAttach(cloud, volume, wanted.server, [action])] : []
    return created({
      volume: volumeView(volume),
      action: actionView(cloud, action),
      next_actions: next.map(one => actionView(cloud, one)),
    })
  },

  'PUT /volumes/{id}'(call) {
    const { store } = call.cloud
    const row = named(call, 'volumes')
    const checks = new Checks(call.body)
    const name = volumeNameIn(checks) ?? row.name
    const labels = readLabels(checks, call.body) ?? row.labels
    checks.done()
    requireFreeName(store, 'volumes', name, row.id)
    return ok({ volume: volumeView(store.put('volumes', Object.assign(row, { name, labels }))) })
  },

  // Source of rule and text: OpenAPI text · documented, observation of others
  'DELETE /volumes/{id}'(call) {
    const { store, machines } = call.cloud
    const row = freeVolume(call)
    if (row.protection.delete) throw isProtected('volume')
    if (row.server !== null)
      throw new ApiFailure('service_error', `volume with ID '${row.id}' is still attached to a server`)
    store.remove('volumes', row.id)
    return machines.deleteVolume(row.id).then(() => noContent)
  },
}

function readNew(cloud: Cloud, body: Record<string, unknown>) {
  const checks = new Checks(body)
  checks.required('name', 'size')
  const name = volumeNameIn(checks) ?? ''
  const sizeGb = checks.integer('size', volumeSize) ?? 0
  const format = checks.oneOf('format', ['ext4', 'xfs'] as const) ?? null
  const labels = readLabels(checks, body) ?? {}
  const serverId = checks.integer('server')
  const wanted = checks.idOrName('location')
  const location = wanted === undefined ? undefined : findLocation(wanted)
  if (wanted !== undefined && !location) checks.problem('location', 'unknown location')
  if (checks.flag('automount') && serverId === undefined) checks.problem('automount', 'needs a server')
  // One of the two says where. Source: OpenAPI text · documented
  if (wanted === undefined && serverId === undefined)
    checks.problem('location', 'location or server is required')
  if (wanted !== undefined && serverId !== undefined)
    checks.problem('location', 'only one of location and server')
  checks.done()
  const server = serverId === undefined ? undefined : find(cloud, 'servers', serverId)
  if (server) requireUnlocked(cloud, 'server', server.id)
  const row = {
    name,
    createdAt: cloud.clock.now(),
    server: null,
    location: location?.name ?? server?.location ?? '',
    sizeGb,
    status: 'creating' as const,
    format,
    labels,
    protection: { delete: false },
  }
  return { row, server }
}

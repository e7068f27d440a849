import { findLocation } from '../../catalogue/index.ts'
import type { ServerRecord, VolumeRecord } from '../../store/index.ts'
import { type Call, created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, invalidInput, isProtected, overLimit } from '../failure.ts'
import { find, named, requireUnlocked } from '../find.ts'
import { readLabels } from '../labels.ts'
import { filtered, keepBy, listing } from '../listing.ts'
import { requireFreeName, volumeNameIn } from '../names.ts'
import { requireAttachable } from '../rules/attach.ts'
import { actionView, volumeView } from '../views/index.ts'

/** Source: OpenAPI text, POST /volumes · documented. */
const size = { min: 10, max: 10_240 }
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

  'POST /volumes/{id}/actions/attach'(call) {
    const { cloud, body } = call
    const volume = named(call, 'volumes')
    const checks = new Checks(body)
    checks.required('server')
    const id = checks.integer('server')
    checks.flag('automount')
    checks.done()
    const server = find(cloud, 'servers', id ?? 0)
    requireUnlocked(cloud, 'volume', volume.id)
    requireUnlocked(cloud, 'server', server.id)
    requireAttachable(volume, server)
    return created({ action: actionView(cloud, beginAttach(cloud, volume, server)) })
  },

  'POST /volumes/{id}/actions/detach'(call) {
    const { cloud } = call
    const volume = freeVolume(call)
    if (volume.server === null) throw new ApiFailure('service_error', 'volume is not attached to a server')
    requireUnlocked(cloud, 'server', volume.server)
    const action = cloud.actions.begin({
      command: 'detach_volume',
      resources: [...resourceOf(volume.server), { id: volume.id, type: 'volume' }],
      locks: [`volume:${volume.id}`, `server:${volume.server}`],
    })
    return created({ action: actionView(cloud, action) })
  },

  // Grows only. Source: OpenAPI text · documented
  'POST /volumes/{id}/actions/resize'(call) {
    const volume = freeVolume(call)
    const checks = new Checks(call.body)
    checks.required('size')
    const sizeGb = checks.integer('size', size) ?? 0
    checks.done()
    if (sizeGb <= volume.sizeGb)
      throw invalidInput([{ name: 'size', messages: [`Must be greater than ${volume.sizeGb}.`] }])
    const action = call.cloud.actions.begin({
      command: 'resize_volume',
      resources: [{ id: volume.id, type: 'volume' }],
      locks: [`volume:${volume.id}`],
      args: { sizeGb },
    })
    return created({ action: actionView(call.cloud, action) })
  },

  'POST /volumes/{id}/actions/change_protection'(call) {
    const { cloud } = call
    const volume = named(call, 'volumes')
    const checks = new Checks(call.body)
    const on = checks.flag('delete') ?? volume.protection.delete
    checks.done()
    cloud.store.put('volumes', Object.assign(volume, { protection: { delete: on } }))
    const resources = [{ id: volume.id, type: 'volume' }]
    return created({
      action: actionView(cloud, cloud.actions.done({ command: 'change_protection', resources })),
    })
  },
}

/** Attaching by the API, also as a `next_action`. The volume is locked from here on, the server too. */
export function beginAttach(
  { actions }: Cloud,
  volume: VolumeRecord,
  server: ServerRecord,
  after: ReturnType<Cloud['actions']['begin']>[] = [],
) {
  return actions.begin({
    command: 'attach_volume',
    resources: [...resourceOf(server.id), { id: volume.id, type: 'volume' }],
    locks: [`volume:${volume.id}`, `server:${server.id}`],
    after,
  })
}

function freeVolume(call: Call): VolumeRecord {
  const volume = named(call, 'volumes')
  requireUnlocked(call.cloud, 'volume', volume.id)
  return volume
}

function resourceOf(server: number | ServerRecord | undefined): { id: number; type: string }[] {
  if (server === undefined) return []
  return [{ id: typeof server === 'number' ? server : server.id, type: 'server' }]
}

function readNew(cloud: Cloud, body: Record<string, unknown>) {
  const checks = new Checks(body)
  checks.required('name', 'size')
  const name = volumeNameIn(checks) ?? ''
  const sizeGb = checks.integer('size', size) ?? 0
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

import type { ServerRecord, VolumeRecord } from '../../store/index.ts'
import { type Call, created, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, invalidInput } from '../failure.ts'
import { find, named, requireUnlocked } from '../find.ts'
import { requireAttachable } from '../rules/attach.ts'
import { volumeSize } from '../rules/volume-size.ts'
import { actionView } from '../views/index.ts'

/** Where a volume is, and how large. */
export const volumeActionRoutes: Routes = {
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
    const sizeGb = checks.integer('size', volumeSize) ?? 0
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

export function freeVolume(call: Call): VolumeRecord {
  const volume = named(call, 'volumes')
  requireUnlocked(call.cloud, 'volume', volume.id)
  return volume
}

export function resourceOf(server: number | ServerRecord | undefined): { id: number; type: string }[] {
  if (server === undefined) return []
  return [{ id: typeof server === 'number' ? server : server.id, type: 'server' }]
}

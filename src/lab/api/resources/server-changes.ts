import { findServerType, serverTypeNamed } from '../../catalogue/index.ts'
import { snapshotBootMs } from '../../latency.ts'
import type { ServerRecord } from '../../store/index.ts'
import { type Call, created, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import { ApiFailure, invalidInput, overLimit } from '../failure.ts'
import { freeServer, named, requireOff } from '../find.ts'
import { readLabels } from '../labels.ts'
import { mostUserData } from '../rules/server-order.ts'
import { requireFits } from '../rules/server-references.ts'
import { requireStock } from '../rules/stock.ts'
import { password } from '../settings.ts'
import { actionView, timeOf } from '../views/index.ts'
import { findImage } from './images.ts'
import { changeDnsPtr } from './primary-ip-actions.ts'

/** What is done to a server's disk, type, protection and names. */
export const serverChangeRoutes: Routes = {
  // Powers off by itself; new user data since 2026-01. Source: OpenAPI text, changelog · documented
  'POST /servers/{id}/actions/rebuild'(call) {
    const { cloud, body } = call
    const server = freeServer(call)
    const checks = new Checks(body)
    checks.required('image')
    const wanted = checks.idOrName('image') ?? ''
    const userData = checks.text('user_data', { max: mostUserData })
    checks.done()
    if (server.protection.rebuild) throw new ApiFailure('protected', 'server rebuild is protected')
    const type = serverTypeNamed(server.type)
    const image = findImage(cloud.store, wanted, type.architecture)
    if (!image) throw invalidInput([{ name: 'image', messages: ['image not found'] }])
    requireFits(image, type.architecture, server.diskGb)
    cloud.store.put('servers', Object.assign(server, { status: 'rebuilding' }))
    const slow = image.type === 'system' ? {} : { range: snapshotBootMs }
    const action = begin(call, server, 'rebuild_server', { imageId: image.id, userData }, slow)
    return created({ action, root_password: server.hasPassword ? password(cloud.random) : null })
  },

  // Copies the disk and starts the server again. Source: OpenAPI text · documented; Terraform relies on it
  'POST /servers/{id}/actions/change_type'(call) {
    const { cloud, body } = call
    const server = freeServer(call)
    const checks = new Checks(body)
    checks.required('server_type', 'upgrade_disk')
    const wanted = checks.idOrName('server_type') ?? ''
    const upgradeDisk = checks.flag('upgrade_disk') ?? false
    checks.done()
    const type = findServerType(wanted)
    if (!type) throw invalidInput([{ name: 'server_type', messages: ['server type not found'] }])
    const present = serverTypeNamed(server.type)
    if (type.architecture !== present.architecture || type.storage_type !== present.storage_type)
      throw new ApiFailure('invalid_server_type', 'server type has another architecture or storage')
    if (type.disk < server.diskGb)
      throw new ApiFailure('invalid_server_type', 'server disk is bigger than the disk of the new type')
    if (!type.offeredIn.includes(server.location))
      throw new ApiFailure('invalid_server_type', 'unsupported location for server type')
    requireOff(server, 'server must be stopped before changing type')
    requireStock(cloud, type, server.location)
    cloud.store.put('servers', Object.assign(server, { status: 'migrating' }))
    return created({ action: begin(call, server, 'change_server_type', { type: type.name, upgradeDisk }) })
  },

  // `image` must be in the answer: hcloud-python 1.18 reads it · verified
  'POST /servers/{id}/actions/create_image'(call) {
    const { cloud, body } = call
    const { store, clock, settings } = cloud
    const server = freeServer(call)
    const checks = new Checks(body)
    const description = checks.text('description') ?? ''
    const type = checks.oneOf('type', ['snapshot', 'backup'] as const) ?? 'snapshot'
    const labels = readLabels(checks, body) ?? {}
    checks.done()
    if (type === 'backup' && server.backupWindow === null)
      throw new ApiFailure('service_error', 'backups are not enabled for this server')
    if (store.count('images') >= settings.limit('snapshots'))
      throw overLimit('snapshot limit exceeded', 'snapshot_limit')
    const source = server.image
    const id = store.nextId('images')
    const image = {
      id,
      type,
      status: 'creating' as const,
      name: null,
      description: description === '' ? `snapshot of ${server.name}` : description,
      image_size: null,
      disk_size: server.diskGb,
      created: timeOf(clock.now()),
      created_from: { id: server.id, name: server.name },
      bound_to: type === 'backup' ? server.id : null,
      os_flavor: source?.os_flavor ?? ('unknown' as const),
      os_version: source?.os_version ?? null,
      rapid_deploy: false,
      protection: { delete: false },
      deprecated: null,
      deleted: null,
      labels,
      architecture: serverTypeNamed(server.type).architecture,
    }
    store.put('images', { id, wire: image, handle: null })
    return created({ image, action: begin(call, server, 'create_image', { imageId: id }, { imageId: id }) })
  },

  // Both must be equal. Source: OpenAPI text · documented
  'POST /servers/{id}/actions/change_protection'(call) {
    const server = named(call, 'servers')
    const checks = new Checks(call.body)
    const deletion = checks.flag('delete') ?? server.protection.delete
    const rebuild = checks.flag('rebuild') ?? server.protection.rebuild
    if (deletion !== rebuild) checks.problem('rebuild', 'must be the same as delete')
    checks.done()
    call.cloud.store.put('servers', Object.assign(server, { protection: { delete: deletion, rebuild } }))
    return done(call, server, 'change_protection')
  },

  'POST /servers/{id}/actions/change_dns_ptr'(call) {
    const { store } = call.cloud
    const server = named(call, 'servers')
    const ip = String(call.body.ip ?? '')
    const id = ip.includes(':') ? server.ipv6 : server.ipv4
    const address = id === null ? undefined : store.get('primaryIps', id)
    if (!address) throw invalidInput([{ name: 'ip', messages: ['is not an address of this server'] }])
    return changeDnsPtr(call, address)
  },
}

function done({ cloud }: Call, { id }: ServerRecord, command: string) {
  const action = cloud.actions.done({ command, resources: [{ id, type: 'server' }] })
  return created({ action: actionView(cloud, action) })
}

type Extra = { range?: readonly [number, number]; imageId?: number }

function begin(
  { cloud }: Call,
  { id }: ServerRecord,
  command: string,
  args: Record<string, unknown>,
  extra: Extra = {},
) {
  const { imageId, ...rest } = extra
  const resources = [
    { id, type: 'server' },
    ...(imageId === undefined ? [] : [{ id: imageId, type: 'image' }]),
  ]
  const action = cloud.actions.begin({ command, resources, locks: [`server:${id}`], args, ...rest })
  return actionView(cloud, action)
}

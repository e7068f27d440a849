import { snapshotBootMs } from '../../latency.ts'
import type { ActionRecord, ServerRecord } from '../../store/index.ts'
import { created, type Routes } from '../call.ts'
import type { Cloud } from '../cloud.ts'
import { overLimit } from '../failure.ts'
import { readServer, type ServerOrder } from '../rules/server-order.ts'
import { password } from '../settings.ts'
import { actionView, serverView } from '../views/index.ts'
import { beginApply } from './firewall-actions.ts'
import { addPrimaryIp } from './primary-ips.ts'
import { beginAttach } from './volume-actions.ts'

export const createServerRoutes: Routes = {
  'POST /servers'({ cloud, body }) {
    const { store, settings, random } = cloud
    const order = readServer(cloud, body)
    if (store.count('servers') >= settings.limit('servers'))
      throw overLimit('server limit exceeded', 'server_limit')
    requireRoomForAddresses(cloud, order)
    const server = addServer(cloud, order)
    const action = beginCreate(cloud, server, order)
    const next = beginNext(cloud, server, order, action)
    return created({
      server: serverView(cloud, server),
      action: actionView(cloud, action),
      next_actions: next.map(one => actionView(cloud, one)),
      // Only without SSH keys. Source: OpenAPI text · documented
      root_password: server.hasPassword ? password(random) : null,
    })
  },
}

/** Before anything is made: a refusal leaves nothing behind. */
function requireRoomForAddresses({ store, settings }: Cloud, { ipv4, ipv6 }: ServerOrder): void {
  const wanted = [ipv4, ipv6].filter(one => one === 'new').length
  if (store.count('primaryIps') + wanted > settings.limit('primary_ips'))
    throw overLimit('Primary IP limit exceeded', 'primary_ip_limit')
}

function addServer(cloud: Cloud, order: ServerOrder): ServerRecord {
  const { store, clock } = cloud
  const id = store.nextId('servers')
  const server: ServerRecord = {
    id,
    name: order.name,
    status: 'initializing',
    createdAt: clock.now(),
    type: order.type.name,
    location: order.location,
    image: order.image,
    ipv4: addressFor(cloud, order, 'ipv4', id),
    ipv6: addressFor(cloud, order, 'ipv6', id),
    volumes: [],
    labels: order.labels,
    labelsAt: clock.now(),
    protection: { delete: false, rebuild: false },
    rescue: false,
    backupWindow: null,
    diskGb: order.type.disk,
    publicKeys: order.publicKeys,
    hasPassword: order.publicKeys.length === 0,
  }
  return store.put('servers', server)
}

/** Addresses made for a server go with it and are named `primary_ip-<id>`. Source: OpenAPI text · documented; name seen by others. */
function addressFor(cloud: Cloud, order: ServerOrder, type: 'ipv4' | 'ipv6', server: number): number | null {
  const wanted = order[type]
  if (wanted === null) return null
  if (wanted === 'new')
    return addPrimaryIp(cloud, {
      type,
      location: order.location,
      assignee: server,
      autoDelete: true,
      labels: {},
    }).id
  cloud.store.put('primaryIps', Object.assign(wanted, { assignee: server }))
  return wanted.id
}

function beginCreate({ actions }: Cloud, server: ServerRecord, order: ServerOrder): ActionRecord {
  const isSystem = order.image.type === 'system'
  return actions.begin({
    command: 'create_server',
    resources: [{ id: server.id, type: 'server' }],
    locks: [`server:${server.id}`],
    args: { userData: order.userData, imageId: order.image.id },
    ...(!isSystem && { range: snapshotBootMs }),
  })
}

/** What follows the create action. The order start, volumes, firewalls is guessed; clients wait for all of them. */
function beginNext(
  cloud: Cloud,
  server: ServerRecord,
  order: ServerOrder,
  action: ActionRecord,
): ActionRecord[] {
  const after = [action]
  const attached = order.volumes.map(volume => beginAttach(cloud, volume, server, after))
  const applied = order.firewalls.flatMap(firewall =>
    beginApply(cloud, firewall, [{ type: 'server', server: server.id }], after),
  )
  if (!order.start) return [...attached, ...applied]
  const started = cloud.actions.begin({
    command: 'start_server',
    resources: [{ id: server.id, type: 'server' }],
    locks: [`server:${server.id}`],
    after,
  })
  return [started, ...attached, ...applied]
}

import { findLocation } from '../../catalogue/index.ts'
import type { PrimaryIpRecord, ServerRecord } from '../../store/index.ts'
import { type Call, created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, isProtected, overLimit } from '../failure.ts'
import { find, named, requireOff, requireUnlocked } from '../find.ts'
import { readLabels } from '../labels.ts'
import { filtered, keepBy, listing } from '../listing.ts'
import { plainName, requireFreeName } from '../names.ts'
import { requireAssignable } from '../rules/assign.ts'
import { actionView, primaryIpView } from '../views/index.ts'

const sort = { id: (row: PrimaryIpRecord) => row.id, created: (row: PrimaryIpRecord) => row.createdAt }

export const primaryIpRoutes: Routes = {
  'GET /primary_ips'(call) {
    const rows = keepBy(
      filtered(call.cloud.store.all('primaryIps'), call.query),
      call.query,
      'ip',
      row => row.ip,
    )
    return listing(call, { as: 'primary_ips', rows, view: primaryIpView, sort })
  },

  'GET /primary_ips/{id}': call => ok({ primary_ip: primaryIpView(named(call, 'primaryIps')) }),

  'POST /primary_ips'({ cloud, body }) {
    const wanted = readNew(cloud, body)
    requireFreeName(cloud.store, 'primaryIps', wanted.name)
    const { server, ...fields } = wanted
    const row = addPrimaryIp(cloud, { ...fields, assignee: null })
    const action = server && beginAssign(cloud, row, server)
    return created({ primary_ip: primaryIpView(row), action: action ? actionView(cloud, action) : null })
  },

  'PUT /primary_ips/{id}'(call) {
    const { store } = call.cloud
    const row = named(call, 'primaryIps')
    const checks = new Checks(call.body)
    const name = plainName(checks) ?? row.name
    const autoDelete = checks.flag('auto_delete') ?? row.autoDelete
    const labels = readLabels(checks, call.body) ?? row.labels
    checks.done()
    requireFreeName(store, 'primaryIps', name, row.id)
    return ok({
      primary_ip: primaryIpView(store.put('primaryIps', Object.assign(row, { name, autoDelete, labels }))),
    })
  },

  // An assigned address is refused since 2026-05-01. Source: changelog · documented; the status 422 likewise, one report says 409
  'DELETE /primary_ips/{id}'(call) {
    const row = named(call, 'primaryIps')
    if (row.protection.delete) throw isProtected('Primary IP')
    if (row.assignee !== null) throw new ApiFailure('must_be_unassigned', 'Primary IP must be unassigned')
    requireUnlocked(call.cloud, 'primary_ip', row.id)
    call.cloud.store.remove('primaryIps', row.id)
    return noContent
  },

  'POST /primary_ips/{id}/actions/assign'(call) {
    const { cloud, body } = call
    const row = named(call, 'primaryIps')
    const checks = new Checks(body)
    checks.required('assignee_id', 'assignee_type')
    const id = checks.integer('assignee_id') ?? 0
    checks.oneOf('assignee_type', ['server'])
    checks.done()
    const server = find(cloud, 'servers', id)
    requireUnlocked(cloud, 'primary_ip', row.id)
    requireUnlocked(cloud, 'server', server.id)
    requireAssignable(cloud, row, server)
    requireOff(server)
    return created({ action: actionView(cloud, beginAssign(cloud, row, server)) })
  },

  'POST /primary_ips/{id}/actions/unassign'(call) {
    const { cloud } = call
    const row = named(call, 'primaryIps')
    if (row.assignee === null) throw new ApiFailure('service_error', 'Primary IP is not assigned')
    const server = find(cloud, 'servers', row.assignee)
    requireUnlocked(cloud, 'server', server.id)
    requireOff(server)
    const action = cloud.actions.begin({ command: 'unassign_primary_ip', ...bothOf(row, server) })
    return created({ action: actionView(cloud, action) })
  },

  'POST /primary_ips/{id}/actions/change_dns_ptr': call => changeDnsPtr(call, named(call, 'primaryIps')),

  // Only when the address is not deleted with its server. Source: OpenAPI text · documented; the code is guessed
  'POST /primary_ips/{id}/actions/change_protection'(call) {
    const { cloud } = call
    const row = named(call, 'primaryIps')
    const checks = new Checks(call.body)
    checks.required('delete')
    const on = checks.flag('delete') ?? false
    checks.done()
    if (on && row.autoDelete)
      throw new ApiFailure('service_error', 'a Primary IP with auto_delete can not be protected')
    cloud.store.put('primaryIps', Object.assign(row, { protection: { delete: on } }))
    return doneOn(cloud, row, 'change_protection')
  },
}

/** Sets or, with null, resets the reverse name of one address. Also used for a server's own route. */
export function changeDnsPtr({ cloud, body }: Call, row: PrimaryIpRecord) {
  const checks = new Checks(body)
  checks.required('ip')
  const ip = checks.text('ip') ?? ''
  const name = checks.text('dns_ptr', { max: 253 })
  const prefix = row.ip.replace(/::\/64$/, ':')
  if (!(row.type === 'ipv4' ? ip === row.ip : ip.startsWith(prefix)))
    checks.problem('ip', 'is not an address of this Primary IP')
  checks.done()
  const { [ip]: _, ...others } = row.dnsPtr
  row.dnsPtr = name === undefined ? others : { ...others, [ip]: name }
  cloud.store.put('primaryIps', row)
  return doneOn(cloud, row, 'change_dns_ptr')
}

function doneOn(cloud: Cloud, row: PrimaryIpRecord, command: string) {
  const action = cloud.actions.done({ command, resources: [{ id: row.id, type: 'primary_ip' }] })
  return created({ action: actionView(cloud, action) })
}

/** The new address. @throws ApiFailure `resource_limit_exceeded` */
export function addPrimaryIp(
  { store, clock, settings, addresses }: Cloud,
  fields: Pick<PrimaryIpRecord, 'type' | 'location' | 'assignee' | 'autoDelete' | 'labels'> & {
    name?: string
  },
): PrimaryIpRecord {
  if (store.count('primaryIps') >= settings.limit('primary_ips'))
    throw overLimit('Primary IP limit exceeded', 'primary_ip_limit')
  const ip = fields.type === 'ipv4' ? addresses.ipv4() : addresses.ipv6()
  const id = store.nextId('primaryIps')
  return store.put('primaryIps', {
    name: `primary_ip-${id}`,
    ...fields,
    id,
    ip,
    createdAt: clock.now(),
    protection: { delete: false },
    dnsPtr: {},
  })
}

function beginAssign(cloud: Cloud, row: PrimaryIpRecord, server: ServerRecord) {
  return cloud.actions.begin({ command: 'assign_primary_ip', ...bothOf(row, server) })
}

function bothOf(row: PrimaryIpRecord, server: ServerRecord) {
  const resources = [
    { id: server.id, type: 'server' },
    { id: row.id, type: 'primary_ip' },
  ]
  return { resources, locks: resources.map(({ type, id }) => `${type}:${id}`) }
}

function readNew(cloud: Cloud, body: Record<string, unknown>) {
  const checks = new Checks(body)
  checks.required('name', 'type')
  const name = plainName(checks) ?? ''
  const type = checks.oneOf('type', ['ipv4', 'ipv6'] as const) ?? 'ipv4'
  const labels = readLabels(checks, body) ?? {}
  const autoDelete = checks.flag('auto_delete') ?? false
  // Sent without an id by hcloud 1.30 and Terraform, together with a location: accepted · verified with hcloud 1.30
  checks.oneOf('assignee_type', ['server'])
  const assigneeId = checks.integer('assignee_id')
  const wanted = checks.idOrName('location')
  const location = wanted === undefined ? undefined : findLocation(wanted)
  if (wanted !== undefined && !location) checks.problem('location', 'unknown location')
  if (wanted === undefined && assigneeId === undefined)
    checks.problem('location', 'location or assignee_id is required')
  checks.done()
  const server = assigneeId === undefined ? undefined : find(cloud, 'servers', assigneeId)
  if (server) {
    requireUnlocked(cloud, 'server', server.id)
    requireAssignable(cloud, { type, location: location?.name ?? server.location, assignee: null }, server)
    requireOff(server)
  }
  return { name, type, labels, autoDelete, location: location?.name ?? server?.location ?? '', server }
}

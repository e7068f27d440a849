import { findLocation } from '../../catalogue/index.ts'
import type { PrimaryIpRecord } from '../../store/index.ts'
import { created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, isProtected, overLimit } from '../failure.ts'
import { find, named, requireOff, requireUnlocked } from '../find.ts'
import { readLabels } from '../labels.ts'
import { filtered, keepBy, listing } from '../listing.ts'
import { plainName, requireFreeName } from '../names.ts'
import { requireAssignable } from '../rules/assign.ts'
import { actionView, primaryIpView } from '../views/index.ts'
import { beginAssign } from './primary-ip-actions.ts'

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

import type { PrimaryIpRecord, ServerRecord } from '../../store/index.ts'
import { type Call, created, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure } from '../failure.ts'
import { find, named, requireOff, requireUnlocked } from '../find.ts'
import { requireAssignable } from '../rules/assign.ts'
import { actionView } from '../views/index.ts'

/** Where a Primary IP is assigned, its reverse name and its protection. */
export const primaryIpActionRoutes: Routes = {
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

export function beginAssign(cloud: Cloud, row: PrimaryIpRecord, server: ServerRecord) {
  return cloud.actions.begin({ command: 'assign_primary_ip', ...bothOf(row, server) })
}

function bothOf(row: PrimaryIpRecord, server: ServerRecord) {
  const resources = [
    { id: server.id, type: 'server' },
    { id: row.id, type: 'primary_ip' },
  ]
  return { resources, locks: resources.map(({ type, id }) => `${type}:${id}`) }
}

import type { FirewallRecord, FirewallTargetRecord, ServerRecord } from '../../store/index.ts'
import { created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, overLimit } from '../failure.ts'
import { find, named } from '../find.ts'
import { readLabels } from '../labels.ts'
import { filtered, listing } from '../listing.ts'
import { plainName, requireFreeName } from '../names.ts'
import { readRules } from '../rules/firewall-rules.ts'
import { readTargets, type Target } from '../rules/firewall-targets.ts'
import { actionView, firewallView, serversOf } from '../views/index.ts'

/** Source: OpenAPI text, firewalls · documented. */
const mostPerServer = 5
const sort = {
  id: (row: FirewallRecord) => row.id,
  name: (row: FirewallRecord) => row.name,
  created: (row: FirewallRecord) => row.createdAt,
}

export const firewallRoutes: Routes = {
  'GET /firewalls'(call) {
    const rows = filtered(call.cloud.store.all('firewalls'), call.query)
    return listing(call, { as: 'firewalls', rows, view: row => firewallView(call.cloud, row), sort })
  },

  'GET /firewalls/{id}': call => ok({ firewall: firewallView(call.cloud, named(call, 'firewalls')) }),

  'POST /firewalls'({ cloud, body }) {
    const { store, clock, settings } = cloud
    const checks = new Checks(body)
    checks.required('name')
    const name = plainName(checks) ?? ''
    const labels = readLabels(checks, body) ?? {}
    const rules = readRules(checks) ?? []
    const targets = readTargets(checks, 'apply_to') ?? []
    checks.done()
    requireFreeName(store, 'firewalls', name)
    if (store.count('firewalls') >= settings.limit('firewalls'))
      throw overLimit('firewall limit exceeded', 'firewall_limit')
    requireApplicable(cloud, undefined, targets)
    const id = store.nextId('firewalls')
    const row = store.put('firewalls', { id, name, createdAt: clock.now(), labels, rules, targets: [] })
    const actions = [beginSetRules(cloud, row), ...beginApply(cloud, row, targets)]
    return created({
      firewall: firewallView(cloud, row),
      actions: actions.map(one => actionView(cloud, one)),
    })
  },

  'PUT /firewalls/{id}'(call) {
    const { store } = call.cloud
    const row = named(call, 'firewalls')
    const checks = new Checks(call.body)
    const name = plainName(checks) ?? row.name
    const labels = readLabels(checks, call.body) ?? row.labels
    checks.done()
    requireFreeName(store, 'firewalls', name, row.id)
    return ok({
      firewall: firewallView(call.cloud, store.put('firewalls', Object.assign(row, { name, labels }))),
    })
  },

  // Applied nowhere, also not to a server that is just being deleted. Source: OpenAPI text · documented; text seen by others
  'DELETE /firewalls/{id}'(call) {
    const row = named(call, 'firewalls')
    if (row.targets.length > 0)
      throw new ApiFailure('resource_in_use', `firewall with ID ${row.id} is still in use`)
    call.cloud.store.remove('firewalls', row.id)
    return noContent
  },

  'POST /firewalls/{id}/actions/set_rules'(call) {
    const { cloud, body } = call
    const row = named(call, 'firewalls')
    const checks = new Checks(body)
    // hcloud-go sends null for an empty list · verified with 2.52
    if (!('rules' in body)) checks.required('rules')
    const rules = readRules(checks) ?? []
    checks.done()
    cloud.store.put('firewalls', Object.assign(row, { rules }))
    return created({ actions: [actionView(cloud, beginSetRules(cloud, row))] })
  },

  'POST /firewalls/{id}/actions/apply_to_resources'(call) {
    const { cloud } = call
    const row = named(call, 'firewalls')
    const checks = new Checks(call.body)
    checks.required('apply_to')
    const targets = readTargets(checks, 'apply_to') ?? []
    checks.done()
    requireApplicable(cloud, row, targets)
    return created({ actions: beginApply(cloud, row, targets).map(one => actionView(cloud, one)) })
  },

  'POST /firewalls/{id}/actions/remove_from_resources'(call) {
    const { cloud } = call
    const row = named(call, 'firewalls')
    const checks = new Checks(call.body)
    checks.required('remove_from')
    const targets = readTargets(checks, 'remove_from') ?? []
    checks.done()
    const missing = targets.find(target => !row.targets.some(one => isSame(one, target)))
    if (missing) {
      const message = 'firewall is not applied to this resource'
      throw new ApiFailure('firewall_resource_not_found', message)
    }
    const actions = targets.map(target =>
      cloud.actions.begin({ command: 'remove_firewall', ...aboutTarget(row, target), args: { target } }),
    )
    return created({ actions: actions.map(one => actionView(cloud, one)) })
  },
}

/** Applies it to the targets: `pending` at once, `applied` when the action ends. */
export function beginApply(
  cloud: Cloud,
  row: FirewallRecord,
  targets: Target[],
  after: Parameters<Cloud['actions']['begin']>[0]['after'] = [],
) {
  const since = cloud.clock.now()
  const added = targets.map(
    (target): FirewallTargetRecord =>
      target.type === 'server' ? { ...target, since, status: 'pending' } : { ...target, since },
  )
  row.targets = [...row.targets, ...added]
  cloud.store.put('firewalls', row)
  return targets.map(target =>
    cloud.actions.begin({ command: 'apply_firewall', ...aboutTarget(row, target), args: { target }, after }),
  )
}

function beginSetRules({ actions }: Cloud, row: FirewallRecord) {
  return actions.begin({ command: 'set_firewall_rules', resources: [{ id: row.id, type: 'firewall' }] })
}

/** A server is locked while a firewall is applied to it. Source: OpenAPI text · documented. */
function aboutTarget(row: FirewallRecord, target: Target) {
  const firewall = { id: row.id, type: 'firewall' }
  if (target.type !== 'server') return { resources: [firewall] }
  return { resources: [{ id: target.server, type: 'server' }, firewall], locks: [`server:${target.server}`] }
}

/** @throws ApiFailure `firewall_already_applied`, `resource_limit_exceeded`, `firewall_resource_not_found` */
function requireApplicable(cloud: Cloud, row: FirewallRecord | undefined, targets: Target[]): void {
  for (const target of targets) {
    if (row?.targets.some(one => isSame(one, target)))
      throw new ApiFailure('firewall_already_applied', 'firewall is already applied to this resource')
    if (target.type === 'server') requireRoom(cloud, findServer(cloud, target.server))
  }
}

function findServer(cloud: Cloud, id: number): ServerRecord {
  const server = cloud.store.get('servers', id)
  if (!server) throw new ApiFailure('firewall_resource_not_found', `server with ID '${id}' not found`)
  return server
}

/** At most five firewalls a server. Source: OpenAPI text · documented; the code is guessed. */
function requireRoom(cloud: Cloud, server: ServerRecord): void {
  const count = cloud.store
    .all('firewalls')
    .filter(firewall => firewall.targets.some(target => serversOf(cloud, target).includes(server))).length
  if (count >= mostPerServer)
    throw overLimit('firewalls per server limit exceeded', 'firewall_per_server_limit')
}

export function isSame(one: FirewallTargetRecord, other: Target): boolean {
  return one.type === 'server'
    ? other.type === 'server' && one.server === other.server
    : other.type === 'label_selector' && one.selector === other.selector
}

/** The firewalls that a new server names. @throws ApiFailure `not_found` */
export function firewallsNamed(cloud: Cloud, ids: number[]): FirewallRecord[] {
  if (ids.length > mostPerServer)
    throw overLimit('firewalls per server limit exceeded', 'firewall_per_server_limit')
  return ids.map(id => find(cloud, 'firewalls', id))
}

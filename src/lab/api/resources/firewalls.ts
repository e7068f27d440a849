import type { FirewallRecord } from '../../store/index.ts'
import { created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import { ApiFailure, overLimit } from '../failure.ts'
import { named } from '../find.ts'
import { readLabels } from '../labels.ts'
import { filtered, listing } from '../listing.ts'
import { plainName, requireFreeName } from '../names.ts'
import { requireApplicable } from '../rules/apply-firewall.ts'
import { readRules } from '../rules/firewall-rules.ts'
import { readTargets } from '../rules/firewall-targets.ts'
import { actionView, firewallView } from '../views/index.ts'
import { beginApply, beginSetRules } from './firewall-actions.ts'

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
}

import type { FirewallRecord, FirewallTargetRecord } from '../../store/index.ts'
import { created, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure } from '../failure.ts'
import { named } from '../find.ts'
import { isSame, requireApplicable } from '../rules/apply-firewall.ts'
import { readRules } from '../rules/firewall-rules.ts'
import { readTargets, type Target } from '../rules/firewall-targets.ts'
import { actionView } from '../views/index.ts'

/** Rules of a firewall, and where it applies. */
export const firewallActionRoutes: Routes = {
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

export function beginSetRules({ actions }: Cloud, row: FirewallRecord) {
  return actions.begin({ command: 'set_firewall_rules', resources: [{ id: row.id, type: 'firewall' }] })
}

/** A server is locked while a firewall is applied to it. Source: OpenAPI text · documented. */
function aboutTarget(row: FirewallRecord, target: Target) {
  const firewall = { id: row.id, type: 'firewall' }
  if (target.type !== 'server') return { resources: [firewall] }
  return { resources: [{ id: target.server, type: 'server' }, firewall], locks: [`server:${target.server}`] }
}

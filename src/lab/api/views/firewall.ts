import type { Firewall, FirewallTarget } from '../../../hetzner/wire.ts'
import type { FirewallRecord, FirewallTargetRecord, ServerRecord } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'
import { parseSelector } from '../selector.ts'
import { timeOf } from './time.ts'

/** A change of labels takes some seconds until selecting firewalls follow. Source: OpenAPI text, firewalls; the time is guessed. */
const selectorDelayMs = 2_000

export function firewallView(cloud: Cloud, firewall: FirewallRecord): Firewall {
  return {
    id: firewall.id,
    name: firewall.name,
    labels: firewall.labels,
    created: timeOf(firewall.createdAt),
    rules: firewall.rules,
    applied_to: firewall.targets.map(target => targetView(cloud, target)),
  }
}

function targetView(cloud: Cloud, target: FirewallTargetRecord): FirewallTarget {
  if (target.type === 'server') return { type: 'server', server: { id: target.server } }
  return {
    type: 'label_selector',
    label_selector: { selector: target.selector },
    applied_to_resources: serversOf(cloud, target).map(({ id }) => ({ type: 'server', server: { id } })),
  }
}

/** Servers that a target means. */
export function serversOf({ store }: Pick<Cloud, 'store'>, target: FirewallTargetRecord): ServerRecord[] {
  if (target.type === 'server')
    return [store.get('servers', target.server)].filter(server => server !== undefined)
  const matches = parseSelector(target.selector)
  return matches ? store.all('servers').filter(server => matches(server.labels)) : []
}

/** The firewalls of a server, through whichever target. */
export function firewallsOf(
  { store, clock }: Pick<Cloud, 'store' | 'clock'>,
  server: ServerRecord,
): { id: number; status: 'applied' | 'pending' }[] {
  return store.all('firewalls').flatMap(firewall => {
    const statuses = firewall.targets.flatMap(target => {
      if (target.type === 'server') return target.server === server.id ? [target.status] : []
      if (!parseSelector(target.selector)?.(server.labels)) return []
      const late = clock.now() - Math.max(target.since, server.labelsAt) < selectorDelayMs
      return [late ? ('pending' as const) : ('applied' as const)]
    })
    if (statuses.length === 0) return []
    return [
      { id: firewall.id, status: statuses.includes('applied') ? ('applied' as const) : ('pending' as const) },
    ]
  })
}

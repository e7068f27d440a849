import type { FirewallRecord, FirewallTargetRecord, ServerRecord } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure, overLimit } from '../failure.ts'
import { find } from '../find.ts'
import { serversOf } from '../views/index.ts'
import type { Target } from './firewall-targets.ts'

/** Source: OpenAPI text, firewalls · documented. */
const mostPerServer = 5

/** @throws ApiFailure `firewall_already_applied`, `resource_limit_exceeded`, `firewall_resource_not_found` */
export function requireApplicable(cloud: Cloud, row: FirewallRecord | undefined, targets: Target[]): void {
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

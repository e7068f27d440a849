import type { PrimaryIpRecord, ServerRecord } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure } from '../failure.ts'

/**
 * Whether an address may go to a server: free, same location, and no other of its version there.
 * Source: OpenAPI text, Primary IP actions · documented. The mismatch keeps its old name, "datacenter".
 */
export function requireAssignable(
  { store }: Pick<Cloud, 'store'>,
  ip: Pick<PrimaryIpRecord, 'type' | 'location' | 'assignee'>,
  server: ServerRecord,
): void {
  if (ip.assignee !== null)
    throw new ApiFailure('primary_ip_already_assigned', 'Primary IP is already assigned')
  if (ip.location !== server.location)
    throw new ApiFailure(
      'primary_ip_datacenter_mismatch',
      'Primary IP and server must be in the same location',
    )
  const held = ip.type === 'ipv4' ? server.ipv4 : server.ipv6
  if (held !== null && store.get('primaryIps', held))
    throw new ApiFailure(
      `server_has_${ip.type}`,
      `server already has an ${ip.type === 'ipv4' ? 'IPv4' : 'IPv6'}`,
    )
}

import type { ServerRecord } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'
import { hostAddress } from '../views/index.ts'

/** Where a machine answers: its IPv4, and the ::1 of its IPv6 network. */
export function addressesOf(
  { store }: Pick<Cloud, 'store'>,
  { ipv4, ipv6 }: ServerRecord,
): { ipv4: string | null; ipv6: string | null } {
  const network = ipv6 === null ? undefined : store.get('primaryIps', ipv6)?.ip
  return {
    ipv4: ipv4 === null ? null : (store.get('primaryIps', ipv4)?.ip ?? null),
    ipv6: network ? hostAddress(network) : null,
  }
}

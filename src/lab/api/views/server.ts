import type { Server } from '../../../hetzner/wire.ts'
import { locationNamed, serverTypeNamed } from '../../catalogue/index.ts'
import type { ServerRecord } from '../../store/index.ts'
import type { Cloud } from '../cloud.ts'
import { firewallsOf } from './firewall.ts'
import { namesOf } from './primary-ip.ts'
import { serverTypeView } from './server-type.ts'
import { timeOf } from './time.ts'

export function serverView(cloud: Cloud, row: ServerRecord): Server {
  const type = serverTypeNamed(row.type)
  const here = type.prices.find(({ location }) => location === row.location)
  return {
    id: row.id,
    name: row.name,
    status: row.status,
    created: timeOf(row.createdAt),
    public_net: {
      ipv4: ipv4Of(cloud, row),
      ipv6: ipv6Of(cloud, row),
      floating_ips: [],
      firewalls: firewallsOf(cloud, row),
    },
    private_net: [],
    server_type: serverTypeView(cloud, type),
    location: locationNamed(row.location),
    image: row.image,
    iso: null,
    rescue_enabled: row.rescue,
    locked: cloud.actions.isLocked(`server:${row.id}`),
    backup_window: row.backupWindow,
    outgoing_traffic: 0,
    ingoing_traffic: 0,
    included_traffic: here?.included_traffic ?? null,
    protection: row.protection,
    labels: row.labels,
    volumes: row.volumes,
    load_balancers: [],
    primary_disk_size: row.diskGb,
    placement_group: null,
  }
}

function ipv4Of({ store }: Cloud, { ipv4 }: ServerRecord): Server['public_net']['ipv4'] {
  const address = ipv4 === null ? undefined : store.get('primaryIps', ipv4)
  if (!address) return null
  return { id: address.id, ip: address.ip, blocked: false, dns_ptr: namesOf(address)[0]?.dns_ptr ?? '' }
}

function ipv6Of({ store }: Cloud, { ipv6 }: ServerRecord): Server['public_net']['ipv6'] {
  const network = ipv6 === null ? undefined : store.get('primaryIps', ipv6)
  return network ? { id: network.id, ip: network.ip, blocked: false, dns_ptr: namesOf(network) } : null
}

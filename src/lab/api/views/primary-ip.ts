import type { PrimaryIp } from '../../../hetzner/wire.ts'
import { locationNamed } from '../../catalogue/index.ts'
import type { PrimaryIpRecord } from '../../store/index.ts'
import { timeOf } from './time.ts'

export function primaryIpView(row: PrimaryIpRecord): PrimaryIp {
  return {
    id: row.id,
    name: row.name,
    labels: row.labels,
    created: timeOf(row.createdAt),
    blocked: false,
    location: locationNamed(row.location),
    ip: row.ip,
    dns_ptr: namesOf(row),
    protection: row.protection,
    type: row.type,
    auto_delete: row.autoDelete,
    // Since 2026-08-01 an address that is free says so. Source: changelog · documented
    assignee_type: row.assignee === null ? 'unassigned' : 'server',
    assignee_id: row.assignee,
  }
}

/** An IPv4 always has a reverse name; of an IPv6 network only what was set. Source: OpenAPI text · documented. */
export function namesOf({ type, ip, dnsPtr }: PrimaryIpRecord): { ip: string; dns_ptr: string }[] {
  if (type === 'ipv4') return [{ ip, dns_ptr: dnsPtr[ip] ?? usualName(ip) }]
  return Object.entries(dnsPtr).map(([address, dns_ptr]) => ({ ip: address, dns_ptr }))
}

/** Reverse name that an IPv4 has from the start: guessed from addresses of the service. */
function usualName(ip: string): string {
  return `static.${ip.split('.').reverse().join('.')}.clients.your-server.de`
}

/** The address a host has of its /64: always ::1. Source: OpenAPI text, servers · documented. */
export function hostAddress(network: string): string {
  return network.replace(/\/64$/, '1')
}

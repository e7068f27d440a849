import { createHash } from 'node:crypto'
import { networkInterfaces } from 'node:os'
import type { Store } from '../store/index.ts'
import { ApiFailure } from './failure.ts'

export type AddressPool = { ipv4(): string; ipv6(): string }

/**
 * The lab's Primary IPs: loopback addresses in a net that belongs to the lab's folder (127.64.0.0 - 127.126.255.255), so that
 * two labs do not meet and a machine's SSH server can listen there. IPv6 networks are from fd00::/8 and never dialled.
 */
export function addressPool(dir: string, store: Store): AddressPool {
  const digest = createHash('sha256').update(dir).digest()
  const [x = 0, y = 0] = digest
  const prefix6 = `fd${hex(digest, 2, 3)}:${hex(digest, 3, 5)}:${hex(digest, 5, 7)}`
  const taken = (ip: string) => store.find('primaryIps', row => row.ip === ip) !== undefined
  const candidate = (index: number) => {
    const net = y + Math.floor(index / 240)
    return `127.${64 + ((x + Math.floor(net / 256)) % 63)}.${net % 256}.${10 + (index % 240)}`
  }
  let next4 = 0
  let next6 = 1
  return {
    ipv4() {
      if (store.count('primaryIps') === 0) next4 = 0
      const listed = canListenEverywhere ? undefined : loopbackAddresses()
      if (listed) return listed.find(ip => !taken(ip)) ?? exhausted(candidate(next4))
      while (taken(candidate(next4))) next4++
      return candidate(next4)
    },
    ipv6() {
      while (taken(`${prefix6}:${next6.toString(16)}::/64`)) next6++
      return `${prefix6}:${next6.toString(16)}::/64`
    },
  }
}

/** Linux and Windows answer on all of 127.0.0.0/8; macOS only on 127.0.0.1 and what was added to lo0. */
const canListenEverywhere = process.platform === 'linux' || process.platform === 'win32'

function loopbackAddresses(): string[] {
  const all = Object.values(networkInterfaces()).flatMap(list => list ?? [])
  return all.map(({ address }) => address).filter(address => address.startsWith('127.'))
}

function exhausted(wanted: string): never {
  const message = `Primary IP limit exceeded: this system has no free loopback address; add one with: sudo ifconfig lo0 alias ${wanted}`
  throw new ApiFailure('resource_limit_exceeded', message, { limits: [{ name: 'primary_ip_limit' }] })
}

function hex(digest: Buffer, from: number, to: number): string {
  return digest.subarray(from, to).toString('hex')
}

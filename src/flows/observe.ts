import type { Hetzner } from '../hetzner/index.ts'
import type { Firewall, PrimaryIp, Server, SshKey, Volume } from '../hetzner/wire.ts'
import type { Resources } from '../state/state.ts'
import { clusterLabel, isSpare, type Kind, ours } from './names.ts'

/** What the cloud holds of one cluster. */
export type Observed = {
  servers: Server[]
  volumes: Volume[]
  primaryIps: PrimaryIp[]
  /** What a swap that is under way made beside the cluster's own. */
  spares: { servers: Server[]; primaryIps: PrimaryIp[] }
  /** Undefined when not asked: with nothing that bills, the two free kinds are created first and adopted if they exist. */
  firewalls: Firewall[] | undefined
  sshKeys: SshKey[] | undefined
  /** Resources the state file knows by id whose label was taken away. */
  unlabelled: Unlabelled[]
}

export type Unlabelled = {
  kind: Exclude<Kind, 'sshKey'>
  id: number
  name: string
  labels: Record<string, string>
}

/**
 * Reads what belongs to the cluster, by label, side by side: five list calls, three on an empty project.
 * @param options.everything asks for the free kinds even on a project that holds nothing that bills
 * @param known ids from the state file; one that no list showed is asked for singly.
 */
export async function observe(
  hetzner: Hetzner,
  cluster: string,
  known: Resources,
  signal?: AbortSignal,
  options: { everything?: boolean } = {},
): Promise<Observed> {
  const filter = { labelSelector: ours(cluster) }
  const free = () =>
    Promise.all([hetzner.firewalls.list(filter, signal), hetzner.sshKeys.list(filter, signal)])
  const knowsAny = options.everything || Object.values(known).some(value => typeof value === 'number')
  const [servers, volumes, primaryIps, early] = await Promise.all([
    hetzner.servers.list(filter, signal),
    hetzner.volumes.list(filter, signal),
    hetzner.primaryIps.list(filter, signal),
    knowsAny ? free() : undefined,
  ])
  const empty = servers.length + volumes.length + primaryIps.length === 0
  const late = early ?? (empty ? undefined : await free())
  const observed: Observed = {
    servers: servers.filter(each => !isSpare(each)),
    volumes,
    primaryIps: primaryIps.filter(each => !isSpare(each)),
    spares: { servers: servers.filter(isSpare), primaryIps: primaryIps.filter(isSpare) },
    firewalls: late?.[0],
    sshKeys: late?.[1],
    unlabelled: [],
  }
  await findUnlabelled(hetzner, known, observed, signal)
  return observed
}

async function findUnlabelled(
  hetzner: Hetzner,
  known: Resources,
  observed: Observed,
  signal?: AbortSignal,
): Promise<void> {
  const listed = new Map<Unlabelled['kind'], readonly { id: number }[]>([
    ['server', observed.servers],
    ['volume', observed.volumes],
    ['ipv4', observed.primaryIps],
    ['ipv6', observed.primaryIps],
    ['firewall', observed.firewalls ?? []],
  ])
  for (const [kind, list] of listed) {
    const id = known[kind]
    if (id === undefined || list.some(each => each.id === id)) continue
    const found = await getByKind(hetzner, kind, id, signal)
    if (found === undefined || clusterLabel in found.labels) continue
    observed.unlabelled.push({ kind, id, name: found.name, labels: found.labels })
  }
}

/** One resource by kind and id, or undefined when it is gone. */
export function getByKind(
  hetzner: Hetzner,
  kind: Kind,
  id: number,
  signal?: AbortSignal,
): Promise<Server | Volume | PrimaryIp | Firewall | SshKey | undefined> {
  switch (kind) {
    case 'server':
      return hetzner.servers.get(id, signal)
    case 'volume':
      return hetzner.volumes.get(id, signal)
    case 'ipv4':
    case 'ipv6':
      return hetzner.primaryIps.get(id, signal)
    case 'firewall':
      return hetzner.firewalls.get(id, signal)
    case 'sshKey':
      return hetzner.sshKeys.get(id, signal)
  }
}

/** Label that marks everything cosmos owns. Nothing without it is ever changed or deleted. */
export const clusterLabel = 'cosmos.dev/cluster'
/** Label on the server: fingerprint of the user data it was made from, since the API never shows user data again. */
export const userDataLabel = 'cosmos.dev/user-data'
/** Label on what a swap makes beside the cluster's own: `spare`. Taken off when it becomes the cluster's server. */
export const roleLabel = 'cosmos.dev/role'
/** Label on the same: which swap made it, so that two swaps never take each other's. */
export const swapLabel = 'cosmos.dev/swap'

export type Kind = 'sshKey' | 'firewall' | 'ipv4' | 'ipv6' | 'volume' | 'server'

/** What people call the kind. */
export const kindTitles: Record<Kind, string> = {
  sshKey: 'SSH key',
  firewall: 'firewall',
  ipv4: 'Primary IPv4',
  ipv6: 'Primary IPv6',
  volume: 'volume',
  server: 'server',
}

/** Names in the project. Deterministic, because Hetzner keeps them unique: a lost answer is found again by name. */
export function resourceNames(cluster: string): Record<Kind, string> {
  return {
    sshKey: cluster,
    firewall: cluster,
    ipv4: `${cluster}-ipv4`,
    ipv6: `${cluster}-ipv6`,
    volume: `${cluster}-data`,
    server: cluster,
  }
}

/** Names of what a swap makes beside the machine that it replaces. Host names have at most 63 characters. */
export function spareNames(cluster: string): { server: string; ipv4: string } {
  const server = `${cluster.slice(0, 58)}-next`
  return { server, ipv4: `${server}-ipv4` }
}

/** Whether a resource is a swap's spare, not (yet) part of what the cluster consists of. */
export function isSpare(resource: { labels: Record<string, string> }): boolean {
  return resource.labels[roleLabel] === 'spare'
}

export function clusterLabels(cluster: string): Record<string, string> {
  return { [clusterLabel]: cluster }
}

/** Whether a resource carries our label for this cluster. */
export function isOurs(resource: { labels: Record<string, string> }, cluster: string): boolean {
  return resource.labels[clusterLabel] === cluster
}

/** Label selector of everything that belongs to the cluster. */
export function ours(cluster: string): string {
  return `${clusterLabel}==${cluster}`
}

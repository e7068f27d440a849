/**
 * `.cosmos/state.json`: what this machine knows of the cluster. Ids, never names; holds no secret.
 * Can be lost: everything in it is found again by label.
 */
export type State = {
  version: 1
  cluster: string
  /** Base URL of the API the ids belong to: ids of another cloud are never used by mistake. */
  endpoint: string
  resources: Resources
  /** What the server was made from: says whether a running machine still matches, without opening the vault. */
  made: { inputs: string; userData: string } | null
  /** The operation that is under way or was cut off. */
  operation: Operation | null
}

export type Resources = {
  sshKey?: number
  firewall?: number
  ipv4?: number
  ipv6?: number
  volume?: number
  server?: number
  /** Address the server answers at. */
  address?: string
  /** Public host key the server is pinned to, as in authorized_keys; so that no vault is opened only to connect. */
  hostKey?: string
}

export type Operation = {
  kind: 'up' | 'down' | 'swap' | 'resize'
  run: string
  startedAt: string
  /** External effects: written before (`intent`) and after (`done`) each happens. */
  journal: {
    at: string
    effect: string
    status: 'intent' | 'done'
    data?: Record<string, string | number | boolean | null>
  }[]
  /** Of a swap: what it decided and found, so that any later run goes on from there. */
  swap?: SwapRecord
}

export type SwapRecord = {
  strategy: 'replace' | 'rebuild' | 'recreate'
  direction: 'forward' | 'back'
  /** Server types that come into question, best first, and the image. */
  types: string[]
  image: string
  /** The server that is replaced; null when it was gone before the record was made. */
  old: number | null
  new?: number
  /** Address of the spare server's own, while it prepares itself. */
  spareIpv4?: number
  /** The spare has done everything that needs no volume. */
  prepared?: boolean
  /** It is off, too, and holds no address any more. */
  parked?: boolean
  /** The workload of the old server was asked to end: going back means starting it again. */
  releasing?: boolean
  /** The old server was rebuilt, or is being deleted: there is no way back. */
  final?: boolean
  /** `replace` was chosen by itself, and the same type would do: without a second server it becomes a rebuild. */
  mayRebuild?: boolean
  /** Claims that were bound and sealed secrets that were open before: must be so again. */
  whole?: string[]
  /** When K3s stopped on the old server and when the node was Ready again, ISO 8601. */
  outageFrom?: string
  outageTo?: string
}

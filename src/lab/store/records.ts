import type { FirewallRule, Image, Labels, Protection, ServerStatus } from '../../hetzner/wire.ts'
import type { Fault } from '../faults/fault.ts'

/** What the lab keeps of each resource. Times are lab milliseconds since the epoch; relations are ids. */
export type ServerRecord = {
  id: number
  name: string
  status: ServerStatus
  createdAt: number
  type: string
  location: string
  /** The image as it was then: it stays in the answer after the image is gone. */
  image: Image | null
  ipv4: number | null
  ipv6: number | null
  volumes: number[]
  labels: Labels
  /** When labels last changed: firewalls that select by label follow some seconds later. */
  labelsAt: number
  protection: { delete: boolean; rebuild: boolean }
  rescue: boolean
  backupWindow: string | null
  diskGb: number
  /** authorized_keys lines it was made with. */
  publicKeys: string[]
  /** A password was handed out because no SSH key was given. */
  hasPassword: boolean
}

export type VolumeRecord = {
  id: number
  name: string
  createdAt: number
  server: number | null
  location: string
  sizeGb: number
  status: 'creating' | 'available'
  format: 'ext4' | 'xfs' | null
  labels: Labels
  protection: Protection
}

export type PrimaryIpRecord = {
  id: number
  name: string
  createdAt: number
  type: 'ipv4' | 'ipv6'
  ip: string
  location: string
  assignee: number | null
  autoDelete: boolean
  labels: Labels
  protection: Protection
  /** Reverse names that were set, by address; the default of an IPv4 is not kept. */
  dnsPtr: Record<string, string>
}

export type FirewallTargetRecord =
  | { type: 'server'; server: number; since: number; status: 'pending' | 'applied' }
  | { type: 'label_selector'; selector: string; since: number }

export type FirewallRecord = {
  id: number
  name: string
  createdAt: number
  labels: Labels
  rules: FirewallRule[]
  targets: FirewallTargetRecord[]
}

export type SshKeyRecord = {
  id: number
  name: string
  createdAt: number
  fingerprint: string
  publicKey: string
  labels: Labels
}

/** Snapshots and backups; system images are in the catalogue. */
export type ImageRecord = { id: number; wire: Image; handle: string | null }

export type ActionRecord = {
  id: number
  command: string
  status: 'running' | 'success' | 'error'
  startedAt: number
  finishedAt: number | null
  durationMs: number
  /** When its own time began, after the actions that it waits for. */
  beganAt: number | null
  resources: { id: number; type: string }[]
  error: { code: string; message: string } | null
  /** Actions that must have succeeded before. */
  after: number[]
  /** `server:42`: what nobody else may touch until the end. */
  locks: string[]
  /** What the effect needs to know; emptied at the end, since it may hold user data. */
  args: Record<string, unknown>
}

export type FaultRecord = Fault
/** Turned on the running lab: stock by `type@location`, project limits by name. `stoppedAt`: lab time of its last stop. */
export type SettingsRecord = {
  id: number
  stoppedAt?: number
  stock: Record<string, boolean>
  limits: Record<string, number>
}
export type CounterRecord = { id: number; kind: string; last: number }

export type Tables = {
  servers: ServerRecord
  volumes: VolumeRecord
  primaryIps: PrimaryIpRecord
  firewalls: FirewallRecord
  sshKeys: SshKeyRecord
  images: ImageRecord
  actions: ActionRecord
  faults: FaultRecord
  settings: SettingsRecord
  counters: CounterRecord
}
export type Kind = keyof Tables

/** First id of each kind, far apart, so that ids mixed up between kinds are noticed. Ids of the service look alike. */
export const firstIds: Record<Kind, number> = {
  servers: 42_000_001,
  volumes: 104_000_001,
  primaryIps: 97_000_001,
  firewalls: 2_100_001,
  sshKeys: 21_000_001,
  images: 310_000_001,
  actions: 510_000_001,
  faults: 1,
  settings: 1,
  counters: 1,
}
export const kinds = Object.keys(firstIds) as Kind[]

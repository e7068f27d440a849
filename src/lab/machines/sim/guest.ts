import type { MachineSpec } from '../machine.ts'
import type { Cluster } from './k3s/cluster.ts'
import type { Host } from './shell/host.ts'
import type { Journal } from './systemd/journal.ts'
import type { Systemd } from './systemd/systemd.ts'
import type { Mounter } from './volumes/mounter.ts'
import type { Volume } from './volumes/volume.ts'

/** A block device that the guest sees, by its kernel name. */
export type Device = { name: string; volume: Volume; visibleAtMs: number }

/** What the simulated machine is to the programs that run on it. */
export type Guest = Host & {
  readonly spec: MachineSpec
  readonly devices: Device[]
  readonly mounter: Mounter
  readonly journal: Journal
  readonly systemd: Systemd
  readonly cluster: Cluster
  readonly bootedMs: number
  addresses: { ipv4: string | null; ipv6: string | null }
  /** Where cloud-init is; read by `cloud-init status`. */
  cloudInit: CloudInitState
  /** A duration of this machine, jittered by its seed. */
  vary(ms: number): number
  setHostname(name: string): void
  /** Ends the guest in order; the promise resolves when it has begun. */
  shutDown(mode: 'off' | 'reboot'): void
  /** Writes everything to the lab folder (sync(2)). */
  flush(): void
  /** The device of that path, when it is there now. */
  deviceAt(path: string): Device | undefined
  console(text: string): void
}

export type CloudInitState = {
  status: 'not run' | 'running' | 'done' | 'error' | 'disabled'
  stage: string
  errors: string[]
  recoverable: Record<string, string[]>
  startedMs: number
  finishedMs: number
  detail: string
}

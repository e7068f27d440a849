import type { MachineSpec } from '../machine.ts'
import type { CloudInitState } from './guest.ts'
import type { StoredContainer } from './k3s/containers.ts'
import type { Entry } from './systemd/journal.ts'
import type { UnitState } from './systemd/systemd.ts'

export type Addresses = { ipv4: string | null; ipv6: string | null }

/** What ran when the lab was put away in order, enough to bring it back without the guest noticing. */
export type Running = {
  states: [string, UnitState][]
  mounts: { volume: number; path: string; options: string[] }[]
  containers: StoredContainer[]
  k3s: boolean
}

/** A machine as it lies in the lab folder beside its disk (`machines/ID/machine.json`). */
export type Stored = {
  spec: MachineSpec
  on: boolean
  addresses: Addresses
  volumes: number[]
  boots: number
  /** Whether cloud-init has finished for this disk. */
  initialised: boolean
  cloudInit: CloudInitState
  console: string
  journal: Entry[]
  hostname: string
  bootedMs: number
  /** Null after a crash: the machine boots again, as after a power cut. */
  running: Running | null
}

/** cloud-init before it has run. */
export const freshCloudInit = (): CloudInitState => ({
  status: 'not run',
  stage: '',
  errors: [],
  recoverable: {},
  startedMs: 0,
  finishedMs: 0,
  detail: '',
})

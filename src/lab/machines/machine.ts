/**
 * What the lab's API asks of the machines behind it. One implementation per kind (`sim`, later `vm`).
 * The API owns ids, names, locks and action times; a machine owns its disk, its processes and its SSH server.
 */
export type MachineSpec = {
  id: number
  name: string
  /** Name or id of the image, for os-release ("ubuntu-24.04"). */
  image: string
  architecture: 'x86' | 'arm'
  cores: number
  memoryGb: number
  /** As sent in POST /servers, undecoded; null without. */
  userData: string | null
  /** authorized_keys lines of the API's `ssh_keys`. */
  publicKeys: string[]
  /** Set when the machine starts from a snapshot: handle given out by `snapshot()`. */
  snapshot?: string
}

export type MachineVolume = { id: number; sizeGb: number; format: 'ext4' | 'xfs' | null }

export type Machines = {
  /** A new disk from an image; does not start it. */
  create(spec: MachineSpec): Promise<void>
  /** Power on. Resolves when the machine has begun to boot (the API says `running` then); booting goes on by itself. */
  start(id: number): Promise<void>
  /** ACPI power button: only asks. The guest may take its time, or not react. */
  askShutdown(id: number): Promise<void>
  /** The hard cut. Resolves when off. What a workload wrote meanwhile may be torn. */
  powerOff(id: number): Promise<void>
  reset(id: number): Promise<void>
  /** New disk from an image, with new user data when given; off afterwards. */
  rebuild(id: number, image: string, userData?: string): Promise<void>
  destroy(id: number): Promise<void>
  isOn(id: number): boolean
  /** Called when a guest turned itself off (shutdown -h, or after askShutdown). */
  onPowerOff(listener: (id: number) => void): void

  /** Addresses the machine answers at, the whole set: replaces the one before. */
  setAddresses(id: number, addresses: { ipv4: string | null; ipv6: string | null }): Promise<void>

  createVolume(volume: MachineVolume): Promise<void>
  resizeVolume(volumeId: number, sizeGb: number): Promise<void>
  deleteVolume(volumeId: number): Promise<void>
  attachVolume(id: number, volumeId: number): Promise<void>
  /** Hot unplug: nothing stops it while mounted, and then it damages the volume. Resolves true when it was mounted. */
  detachVolume(id: number, volumeId: number): Promise<boolean>
  /** Intact or torn, and where; for `cosmos lab inspect`. */
  inspectVolume(volumeId: number): Promise<VolumeReport>

  /** Keeps a copy of the disk; the handle goes into MachineSpec.snapshot. */
  snapshot(id: number): Promise<string>
  deleteSnapshot(handle: string): Promise<void>

  /** Text of the serial console so far. */
  console(id: number): Promise<string>
  /** Stops every machine's processes without changing its disk; the lab is going down. */
  suspend(): Promise<void>
  /** Brings back what ran when the lab went down. */
  resume(): Promise<void>
}

export type VolumeReport = {
  id: number
  state: 'blank' | 'intact' | 'torn'
  mountedBy: number | null
  /** Entries in the ledger, first to last without a gap when intact. */
  entries: number
  /** One sentence per damage: what happened, when, at which entry. */
  damage: string[]
}

/** Faults that concern a machine, asked by the machine at the moment they matter. */
export type MachineFaults = {
  /** `refuse`, `hang` or `drop` (mid-command) for the next SSH connection to this machine, or undefined. */
  ssh(id: number): 'refuse' | 'hang' | 'drop' | undefined
  /** A boot that never comes up. */
  boot(id: number): 'hang' | undefined
}

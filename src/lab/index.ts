/** The door of the lab: a Hetzner Cloud on this machine. */
export { askLab } from './ask.ts'
export type { LabStatus, StartOptions } from './control.ts'
export { labStatus, resetLab, runningInfo, startLab, stopLab } from './control.ts'
export type { Fault, FaultInput, FaultKind } from './faults/fault.ts'
export { apiModes, faultKinds, sshModes } from './faults/fault.ts'
export type { LabInfo } from './info.ts'
export type { ServedLab, ServeOptions } from './serve-lab.ts'
export { listSnapshots, restoreLab, snapshotLab } from './snapshots.ts'

/** A lab in this process, for tests. Loads the whole lab, which the other functions do not. */
export async function serveLab(
  options: import('./serve-lab.ts').ServeOptions,
): Promise<import('./serve-lab.ts').ServedLab> {
  const lab = await import('./serve-lab.ts')
  return lab.serveLab(options)
}

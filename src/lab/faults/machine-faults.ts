import type { MachineFaults } from '../machines/machine.ts'
import type { Store } from '../store/store.ts'
import { type SshMode, sshModes } from './fault.ts'
import type { Faults } from './faults.ts'

/** The faults as a machine asks for them, at the moment they matter. */
export function machineFaults(faults: Faults, store: Store): MachineFaults {
  const names = (id: number) => (on: string) => on === String(id) || on === store.get('servers', id)?.name
  return {
    ssh(id) {
      const fault = faults.strike('ssh', names(id))
      return fault && (sshModes.includes(fault.mode as SshMode) ? (fault.mode as SshMode) : 'refuse')
    },
    boot: id => faults.strike('boot', names(id)) && 'hang',
  }
}

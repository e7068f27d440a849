import type { Clock } from '../clock.ts'
import type { Faults } from '../faults/index.ts'
import type { Machines } from '../machines/machine.ts'
import type { Random } from '../random.ts'
import type { Store } from '../store/index.ts'
import type { Actions } from './actions.ts'
import type { AddressPool } from './addresses.ts'
import type { Settings } from './settings.ts'

/** All that a handler or an effect works on. */
export type Cloud = {
  store: Store
  clock: Clock
  random: Random
  machines: Machines
  faults: Faults
  actions: Actions
  addresses: AddressPool
  settings: Settings
}

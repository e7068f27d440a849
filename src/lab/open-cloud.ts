import { createActions } from './api/actions.ts'
import { addressPool } from './api/addresses.ts'
import type { Cloud } from './api/cloud.ts'
import { effectsOf } from './api/effects/index.ts'
import { type Log, openLog } from './api/log.ts'
import { createSettings, type LimitName } from './api/settings.ts'
import type { Clock } from './clock.ts'
import { createFaults, machineFaults } from './faults/index.ts'
import { lastTime } from './lab-time.ts'
import type { MachineFaults, Machines } from './machines/machine.ts'
import { turnedOff } from './power-state.ts'
import { seededRandom } from './random.ts'
import { openStore } from './store/index.ts'
import { type TurnableClock, turnableClock } from './turnable-clock.ts'

export type MachineFactory = (options: {
  /** The lab's folder; machines keep what they need in `machines/` and `volumes/` below it. */
  dir: string
  clock: Clock
  faults: MachineFaults
  /** Same seed, same boot times. */
  seed: number
  log: (line: string) => void
}) => Machines | Promise<Machines>

export type CloudOptions = {
  dir: string
  /** Lab seconds per real second, default 1; 0 stands still until it is stepped. */
  speed?: number
  /** Same seed, same durations; default 1. */
  seed?: number
  limits?: Partial<Record<LimitName, number>>
  /** Default: the simulated machines. */
  machines?: MachineFactory
}

export type OpenCloud = {
  cloud: Cloud
  clock: TurnableClock
  log: Log
  /** Closes the files. Nothing may be at work any more. */
  shut(): Promise<void>
}

/** The cloud of a folder as it was left, standing still: nothing runs and nothing is served yet. @throws CosmosError `lab-store-broken` */
export async function openCloud(options: CloudOptions): Promise<OpenCloud> {
  const { dir, speed = 1, seed = 1 } = options
  const store = openStore(dir)
  const clock = turnableClock({ speed, startsAt: Math.max(Date.now(), lastTime(store)) })
  const log = openLog(dir, clock.now)
  const random = seededRandom(seed)
  const faults = createFaults(store)
  const settings = createSettings(store, options.limits)
  const actions = createActions({ store, clock, random, faults, effects: () => effects, log: log.note })
  const factory = options.machines ?? (await simulated())
  const line = (text: string) => log.note({ machine: text })
  const machines = await factory({ dir, clock, faults: machineFaults(faults, store), seed, log: line })
  machines.onPowerOff(id => turnedOff(store, id))
  const addresses = addressPool(dir, store)
  const cloud: Cloud = { store, clock, random, machines, faults, actions, addresses, settings }
  const effects = effectsOf(cloud, log.note)
  async function shut(): Promise<void> {
    clock.stop()
    store.close()
    await log.close()
  }
  return { cloud, clock, log, shut }
}

async function simulated(): Promise<MachineFactory> {
  const { createSimMachines } = await import('./machines/sim/index.ts')
  return createSimMachines
}

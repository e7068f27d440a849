import { existsSync, readdirSync, readFileSync, rmSync } from 'node:fs'
import { join } from 'node:path'
import type { Clock } from '../../clock.ts'
import type { MachineFaults, Machines } from '../machine.ts'
import { type StoredNode, writeJson } from './fs/persist.ts'
import { type MachineOptions, SimMachine } from './sim-machine.ts'
import { Volume } from './volumes/volume.ts'

export type SimOptions = {
  dir: string
  clock: Clock
  faults: MachineFaults
  seed?: number
  log?: (line: string) => void
}

const numbers = (folder: string): number[] =>
  existsSync(folder) ? readdirSync(folder).map(Number).filter(Number.isInteger) : []

/**
 * The simulated kind of machine: servers that boot from the user data they are given, behind real SSH servers.
 * Everything lies below `dir` (`machines/ID/`, `volumes/ID/`, `snapshots/`) and is read back by `resume`.
 */
export function createSimMachines(options: SimOptions): Machines {
  const { dir, clock, faults } = options
  const settings: MachineOptions = {
    dir,
    clock,
    faults,
    seed: options.seed ?? 1,
    log: options.log ?? (() => undefined),
  }
  const machines = new Map<number, SimMachine>()
  const volumes = new Map<number, Volume>()
  const listeners: ((id: number) => void)[] = []
  const now = () => clock.now()

  const machine = (id: number): SimMachine => {
    const found = machines.get(id)
    if (!found) throw new Error(`There is no simulated machine ${id}.`)
    return found
  }
  const volume = (id: number): Volume => {
    const found = volumes.get(id)
    if (!found) throw new Error(`There is no simulated volume ${id}.`)
    return found
  }
  const adopt = (made: SimMachine) => {
    made.onOff = id => {
      for (const listener of listeners) listener(id)
    }
    machines.set(made.spec.id, made)
  }
  const snapshotPath = (handle: string) => join(dir, 'snapshots', `${handle.replace(/[^\w-]/g, '')}.json`)
  const snapshotDisk = (handle: string): StoredNode => JSON.parse(readFileSync(snapshotPath(handle), 'utf8'))

  return {
    async create(spec) {
      const made = new SimMachine(spec, settings)
      made.install(
        spec.image,
        spec.userData,
        spec.snapshot === undefined ? undefined : snapshotDisk(spec.snapshot),
      )
      adopt(made)
    },
    async start(id) {
      machine(id).start()
    },
    async askShutdown(id) {
      machine(id).pressPowerButton()
    },
    powerOff: id => machine(id).cut(),
    async reset(id) {
      await machine(id).cut()
      machine(id).start()
    },
    async rebuild(id, image, userData) {
      const found = machine(id)
      await found.cut()
      found.install(
        image,
        userData ?? found.spec.userData,
        existsSync(snapshotPath(image)) ? snapshotDisk(image) : undefined,
      )
    },
    async destroy(id) {
      const found = machine(id)
      await found.cut()
      for (const device of [...found.devices]) found.detach(device.volume)
      await found.drop()
      machines.delete(id)
      rmSync(join(dir, 'machines', String(id)), { recursive: true, force: true })
    },
    isOn: id => machines.get(id)?.on ?? false,
    onPowerOff(listener) {
      listeners.push(listener)
    },
    setAddresses: (id, addresses) => machine(id).setAddresses(addresses),

    async createVolume(spec) {
      const made = new Volume(dir, spec, now)
      volumes.set(spec.id, made)
      made.save()
    },
    async resizeVolume(volumeId, sizeGb) {
      volume(volumeId).sizeGb = sizeGb
      volume(volumeId).save()
    },
    async deleteVolume(volumeId) {
      volumes.delete(volumeId)
      rmSync(join(dir, 'volumes', String(volumeId)), { recursive: true, force: true })
    },
    async attachVolume(id, volumeId) {
      machine(id).attach(volume(volumeId))
    },
    async detachVolume(id, volumeId) {
      return machine(id).detach(volume(volumeId))
    },
    async inspectVolume(volumeId) {
      for (const one of machines.values()) one.cluster.advance()
      return volume(volumeId).report()
    },

    async snapshot(id) {
      const handle = `snapshot-${id}-${Math.floor(now()).toString(36)}`
      writeJson(snapshotPath(handle), machine(id).diskCopy())
      return handle
    },
    async deleteSnapshot(handle) {
      rmSync(snapshotPath(handle), { force: true })
    },
    async console(id) {
      return machine(id).consoleText()
    },
    async suspend() {
      await Promise.all([...machines.values()].map(one => one.suspend()))
      for (const one of volumes.values()) one.save()
      machines.clear()
      volumes.clear()
    },
    async resume() {
      for (const id of numbers(join(dir, 'volumes'))) {
        const found = Volume.load(dir, id, now)
        if (found) volumes.set(id, found)
      }
      for (const id of numbers(join(dir, 'machines'))) {
        const loaded = SimMachine.load(settings, id)
        if (!loaded) continue
        adopt(loaded.machine)
        for (const volumeId of loaded.stored.volumes) {
          const found = volumes.get(volumeId)
          if (found) loaded.machine.plug(found)
        }
        await loaded.machine.wake(loaded.stored)
      }
    },
  }
}

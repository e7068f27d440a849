import type { Machines } from '../../../src/lab/machines/machine.ts'

export type MemoryMachines = Machines & {
  /** What was asked of them, in order. */
  calls: string[]
  /** The guest of that server shuts itself down. */
  guestPowersOff(id: number): void
  addressesOf(id: number): { ipv4: string | null; ipv6: string | null } | undefined
  specOf(id: number): Parameters<Machines['create']>[0] | undefined
}

/** Machines without an inside, for tests of the API alone: a second, tiny implementation of the contract. */
export function memoryMachines(): MemoryMachines {
  const calls: string[] = []
  const on = new Set<number>()
  const specs = new Map<number, Parameters<Machines['create']>[0]>()
  const addresses = new Map<number, { ipv4: string | null; ipv6: string | null }>()
  const listeners: ((id: number) => void)[] = []
  const note = (...words: (string | number)[]) => void calls.push(words.join(' '))
  const turnOff = (id: number) => {
    if (on.delete(id)) for (const listener of listeners) listener(id)
  }
  return {
    calls,
    guestPowersOff: turnOff,
    addressesOf: id => addresses.get(id),
    specOf: id => specs.get(id),
    async create(spec) {
      specs.set(spec.id, spec)
      note('create', spec.id)
    },
    async start(id) {
      on.add(id)
      note('start', id)
    },
    async askShutdown(id) {
      note('askShutdown', id)
    },
    async powerOff(id) {
      note('powerOff', id)
      on.delete(id)
    },
    async reset(id) {
      note('reset', id)
    },
    async rebuild(id, image, userData) {
      note('rebuild', id, image, userData ?? '-')
      on.delete(id)
    },
    async destroy(id) {
      note('destroy', id)
      specs.delete(id)
      on.delete(id)
    },
    isOn: id => on.has(id),
    onPowerOff: listener => void listeners.push(listener),
    async setAddresses(id, both) {
      addresses.set(id, both)
      note('setAddresses', id, both.ipv4 ?? '-', both.ipv6 ?? '-')
    },
    async createVolume({ id }) {
      note('createVolume', id)
    },
    async resizeVolume(id, sizeGb) {
      note('resizeVolume', id, sizeGb)
    },
    async deleteVolume(id) {
      note('deleteVolume', id)
    },
    async attachVolume(id, volume) {
      note('attachVolume', id, volume)
    },
    async detachVolume(id, volume) {
      note('detachVolume', id, volume)
      return false
    },
    inspectVolume: async id => ({ id, state: 'blank', mountedBy: null, entries: 0, damage: [] }),
    async snapshot(id) {
      note('snapshot', id)
      return `disk-of-${id}`
    },
    async deleteSnapshot(handle) {
      note('deleteSnapshot', handle)
    },
    console: async () => '',
    suspend: async () => note('suspend'),
    resume: async () => note('resume'),
  }
}

import { existsSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { MachineVolume, VolumeReport } from '../../machine.ts'
import { loadNode, type StoredNode, storeNode, writeJson } from '../fs/persist.ts'
import { Tree } from '../fs/tree.ts'
import { Ledger } from './ledger.ts'

type Stored = {
  id: number
  sizeGb: number
  fsGb: number
  type: string | null
  uuid: string
  needsRecovery: boolean
  mountedBy: number | null
  damage: string[]
  root: StoredNode | null
}

/** A block storage volume: its file system, whether it was left in order, and the ledger on it. */
export class Volume {
  readonly id: number
  sizeGb: number
  /** Size of the file system, which follows the device only by resize2fs. */
  fsGb: number
  tree: Tree | undefined
  /** The journal must be replayed: true from the first mount to the real unmount (facts/vm-lab.md §4, verified). */
  needsRecovery = false
  mountedBy: number | null = null
  damage: string[] = []
  readonly ledger: Ledger
  readonly #path: string

  constructor(folder: string, volume: MachineVolume, now: () => number) {
    this.id = volume.id
    this.sizeGb = volume.sizeGb
    this.fsGb = volume.sizeGb
    this.#path = join(folder, 'volumes', String(volume.id), 'volume.json')
    if (volume.format)
      this.format(volume.format, `5a1e0000-0000-4000-8000-${String(volume.id).padStart(12, '0')}`)
    this.ledger = new Ledger(this, now)
  }

  /** A new, empty file system; what was there is gone. */
  format(type: string, uuid: string): void {
    this.fsGb = this.sizeGb
    this.needsRecovery = false
    this.damage = []
    const tree = new Tree({ type, source: '', sizeBytes: this.fsGb * 2 ** 30, uuid })
    tree.beforeAccess = () => this.ledger?.catchUp()
    this.tree = tree
    if (type === 'ext4') tree.root.children?.set('lost+found', loadNode({ k: 'd', m: 0o700, t: 0, c: {} }))
    tree.dirty = true
  }

  static load(folder: string, id: number, now: () => number): Volume | undefined {
    const path = join(folder, 'volumes', String(id), 'volume.json')
    if (!existsSync(path)) return undefined
    const stored: Stored = JSON.parse(readFileSync(path, 'utf8'))
    const volume = new Volume(folder, { id, sizeGb: stored.sizeGb, format: null }, now)
    if (stored.type && stored.root) {
      volume.format(stored.type, stored.uuid)
      if (volume.tree) volume.tree.root = loadNode(stored.root)
    }
    volume.fsGb = stored.fsGb
    if (volume.tree) volume.tree.sizeBytes = stored.fsGb * 2 ** 30
    volume.needsRecovery = stored.needsRecovery
    volume.mountedBy = stored.mountedBy
    volume.damage = stored.damage
    return volume
  }

  save(): void {
    this.ledger.catchUp()
    const stored: Stored = {
      id: this.id,
      sizeGb: this.sizeGb,
      fsGb: this.fsGb,
      type: this.tree?.type ?? null,
      uuid: this.tree?.uuid ?? '',
      needsRecovery: this.needsRecovery,
      mountedBy: this.mountedBy,
      damage: this.damage,
      root: this.tree ? storeNode(this.tree.root) : null,
    }
    writeJson(this.#path, stored)
    if (this.tree) this.tree.dirty = false
  }

  report(): VolumeReport {
    const ledger = this.ledger.check()
    const damage = [...this.damage, ...ledger.damage]
    const isBlank =
      !this.tree || (ledger.entries === 0 && damage.length === 0 && this.tree.root.children?.size === 1)
    return {
      id: this.id,
      state: damage.length > 0 ? 'torn' : isBlank ? 'blank' : 'intact',
      mountedBy: this.mountedBy,
      entries: ledger.entries,
      damage,
    }
  }
}

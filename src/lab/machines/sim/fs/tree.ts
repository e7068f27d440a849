import { type FsNode, newNode } from './node.ts'

/** One file system: an OS disk, a volume, or a synthetic one. Mounted by a `Vfs`, kept on disk by `persist.ts`. */
export class Tree {
  readonly type: string
  /** What `mount` calls its source: `/dev/sda1`, `proc`. */
  source: string
  root: FsNode
  sizeBytes: number
  /** Size of the file system, which a grown device does not change until resize2fs. */
  uuid: string
  label = ''
  dirty = false
  /** The device was pulled out: writes fail, reads come from the cache. */
  gone = false
  /** Called before something in the tree is looked at: lazy writers catch up here. */
  beforeAccess: (() => void) | undefined
  /** Called after each change. */
  onChange: (() => void) | undefined

  constructor(options: { type: string; source: string; sizeBytes?: number; uuid?: string; root?: FsNode }) {
    this.type = options.type
    this.source = options.source
    this.sizeBytes = options.sizeBytes ?? 0
    this.uuid = options.uuid ?? ''
    this.root = options.root ?? newNode('dir', 0)
  }

  changed(): void {
    this.dirty = true
    this.onChange?.()
  }
}

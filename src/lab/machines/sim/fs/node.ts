/** What an entry of a simulated file system is. */
export type NodeKind = 'file' | 'dir' | 'symlink' | 'char' | 'block'

/** An inode. `live` and `list` make it synthetic: its content is computed when looked at (as in /proc). */
export type FsNode = {
  ino: number
  kind: NodeKind
  /** Permission bits only. */
  mode: number
  uid: number
  gid: number
  /** Lab time, milliseconds. */
  mtimeMs: number
  data?: Buffer
  children?: Map<string, FsNode>
  target?: string
  /** Name of a device: `null`, `sdb` … */
  device?: string
  live?: () => Buffer | string
  list?: () => Map<string, FsNode>
}

let lastIno = 1

/** A new inode with the usual modes; `extra` overrides. */
export function newNode(kind: NodeKind, mtimeMs: number, extra: Partial<FsNode> = {}): FsNode {
  lastIno += 1
  const mode = kind === 'dir' ? 0o755 : kind === 'symlink' ? 0o777 : 0o644
  const node: FsNode = { ino: lastIno, kind, mode, uid: 0, gid: 0, mtimeMs, ...extra }
  if (kind === 'dir' && !node.list) node.children ??= new Map()
  if (kind === 'file' && !node.live) node.data ??= Buffer.alloc(0)
  return node
}

/** The bytes of a file, computed when it is synthetic. */
export function bytesOf(node: FsNode): Buffer {
  if (node.live) return Buffer.from(node.live())
  return node.data ?? Buffer.alloc(0)
}

/** The entries of a directory, computed when it is synthetic. */
export function entriesOf(node: FsNode): Map<string, FsNode> {
  return node.list ? node.list() : (node.children ?? new Map())
}

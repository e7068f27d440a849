import { isUtf8 } from 'node:buffer'
import { mkdirSync, renameSync, writeFileSync } from 'node:fs'
import { dirname } from 'node:path'
import { type FsNode, newNode } from './node.ts'

/** A tree as it lies in the lab folder: nested, small keys, file content as text where it is text. */
export type StoredNode = {
  k?: 'd' | 'l' | 'c' | 'b'
  m: number
  o?: [number, number]
  t: number
  /** Text content. */
  x?: string
  /** Base64 content. */
  b?: string
  /** Link target or device name. */
  l?: string
  c?: Record<string, StoredNode>
}

const kinds = { d: 'dir', l: 'symlink', c: 'char', b: 'block' } as const

/** Synthetic entries are left out: they are made anew at the next boot. */
export function storeNode(node: FsNode): StoredNode {
  const stored: StoredNode = { m: node.mode, t: node.mtimeMs }
  if (node.uid !== 0 || node.gid !== 0) stored.o = [node.uid, node.gid]
  if (node.kind === 'dir') {
    stored.k = 'd'
    stored.c = {}
    for (const [name, child] of node.children ?? []) {
      if (!child.live && !child.list) stored.c[name] = storeNode(child)
    }
  } else if (node.kind === 'file') {
    const data = node.data ?? Buffer.alloc(0)
    if (data.length > 0) {
      if (isUtf8(data)) stored.x = data.toString('utf8')
      else stored.b = data.toString('base64')
    }
  } else {
    stored.k = node.kind === 'symlink' ? 'l' : node.kind === 'char' ? 'c' : 'b'
    stored.l = node.target ?? node.device ?? ''
  }
  return stored
}

/** The inverse of `storeNode`. */
export function loadNode(stored: StoredNode): FsNode {
  const kind = stored.k ? kinds[stored.k] : 'file'
  const node = newNode(kind, stored.t, { mode: stored.m })
  if (stored.o) [node.uid, node.gid] = stored.o
  if (kind === 'file') node.data = Buffer.from(stored.b ?? stored.x ?? '', stored.b ? 'base64' : 'utf8')
  else if (kind === 'symlink') node.target = stored.l ?? ''
  else if (kind === 'dir') {
    node.children = new Map(Object.entries(stored.c ?? {}).map(([name, child]) => [name, loadNode(child)]))
  } else node.device = stored.l ?? ''
  return node
}

/** Writes JSON so that a killed process leaves the old file or the new one, never half of one. */
export function writeJson(path: string, value: unknown): void {
  mkdirSync(dirname(path), { recursive: true })
  const temporary = `${path}.new`
  writeFileSync(temporary, JSON.stringify(value), { mode: 0o600 })
  renameSync(temporary, path)
}

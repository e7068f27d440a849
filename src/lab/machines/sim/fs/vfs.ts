import { FsError } from './errno.ts'
import { bytesOf, entriesOf, type FsNode, newNode } from './node.ts'
import type { Tree } from './tree.ts'

export type Mount = {
  id: number
  /** Mount point, absolute and canonical. */
  path: string
  tree: Tree
  /** Root of the mount inside the tree; another than the tree's own for a bind mount. */
  root: FsNode
  /** Path of that root inside the tree, as the fourth field of mountinfo. */
  rootPath: string
  options: string[]
}

export type Found = { path: string; node: FsNode; mount: Mount }
export type Place = { path: string; node: FsNode | undefined; parent: FsNode; name: string; mount: Mount }

/** Joins and normalises, without looking at links. */
export function absolute(path: string, cwd: string): string {
  const parts: string[] = []
  for (const part of (path.startsWith('/') ? path : `${cwd}/${path}`).split('/')) {
    if (part === '' || part === '.') continue
    if (part === '..') parts.pop()
    else parts.push(part)
  }
  return `/${parts.join('/')}`
}

/**
 * A mount table and the system calls on paths. All paths are absolute or relative to `cwd`; every process is root.
 * Errors are FsError with the errno the kernel gives.
 */
export class Vfs {
  readonly mounts: Mount[] = []
  /** Called with the canonical path before something changes: what depends on the old state looks at it now. */
  beforeChange: ((path: string) => void) | undefined
  #now: () => number
  #nextMountId = 20

  constructor(root: Tree, now: () => number) {
    this.#now = now
    this.mount('/', root, ['rw', 'relatime'])
  }

  mount(path: string, tree: Tree, options: string[], bind?: { node: FsNode; path: string }): Mount {
    this.#nextMountId += 1
    const mount = {
      id: this.#nextMountId,
      path,
      tree,
      root: bind?.node ?? tree.root,
      rootPath: bind?.path ?? '/',
      options,
    }
    this.mounts.push(mount)
    return mount
  }

  unmount(mount: Mount): void {
    const index = this.mounts.indexOf(mount)
    if (index >= 0) this.mounts.splice(index, 1)
  }

  /** The topmost mount exactly at this path. */
  mountAt(path: string): Mount | undefined {
    return this.mounts.findLast(mount => mount.path === path)
  }

  /** Walks a path. With `follow` a link at its end is followed too. The last component may be missing. */
  locate(path: string, cwd = '/', follow = true, depth = 0): Place {
    if (depth > 40) throw new FsError('ELOOP', path)
    const todo = (path.startsWith('/') ? path : `${cwd}/${path}`)
      .split('/')
      .filter(p => p !== '' && p !== '.')
    let mount = this.mountAt('/') as Mount
    let node: FsNode | undefined = mount.root
    let parent = mount.root
    let name = '/'
    let here = '/'
    while (todo.length > 0) {
      const part = todo.shift() as string
      if (!node) throw new FsError('ENOENT', path)
      if (node.kind !== 'dir') throw new FsError('ENOTDIR', path)
      if (part === '..') {
        const place: Place = this.locate(absolute('..', here), '/', true, depth + 1)
        ;({ mount, node, parent, name, path: here } = place)
        continue
      }
      const next = here === '/' ? `/${part}` : `${here}/${part}`
      mount.tree.beforeAccess?.()
      parent = node
      name = part
      const child: FsNode | undefined = entriesOf(node).get(part)
      const over = this.mountAt(next)
      if (over) {
        mount = over
        node = over.root
        here = next
        continue
      }
      if (child?.kind === 'symlink' && (follow || todo.length > 0)) {
        const rest = todo.length > 0 ? `${child.target}/${todo.join('/')}` : (child.target as string)
        return this.locate(rest, here, follow, depth + 1)
      }
      here = next
      node = child
    }
    mount.tree.beforeAccess?.()
    return { path: here, node, parent, name, mount }
  }

  find(path: string, cwd = '/', follow = true): Found {
    const place = this.locate(path, cwd, follow)
    if (!place.node) throw new FsError('ENOENT', path)
    return { path: place.path, node: place.node, mount: place.mount }
  }

  /** Like `find`, but nothing when there is nothing. */
  look(path: string, cwd = '/', follow = true): Found | undefined {
    try {
      return this.find(path, cwd, follow)
    } catch (error) {
      if (error instanceof FsError) return undefined
      throw error
    }
  }

  exists(path: string, cwd = '/'): boolean {
    return this.look(path, cwd) !== undefined
  }

  readFile(path: string, cwd = '/'): Buffer {
    const { node } = this.find(path, cwd)
    if (node.kind === 'dir') throw new FsError('EISDIR', path)
    return bytesOf(node)
  }

  readText(path: string, cwd = '/'): string {
    return this.readFile(path, cwd).toString('utf8')
  }

  /** Names in a directory, sorted. Mount points are there although their tree may not have them. */
  readDir(path: string, cwd = '/'): string[] {
    const { node } = this.find(path, cwd)
    if (node.kind !== 'dir') throw new FsError('ENOTDIR', path)
    return [...entriesOf(node).keys()].sort()
  }

  /** Makes sure a tree may be written and tells the watcher. */
  touchTree(mount: Mount, path: string): void {
    if (mount.tree.gone) throw new FsError('EIO', path)
    if (mount.options.includes('ro')) throw new FsError('EROFS', path)
    this.beforeChange?.(path)
  }

  /** Opens or makes a regular file for writing and returns its node. */
  create(path: string, cwd = '/', options: { mode?: number; truncate?: boolean } = {}): Found {
    const place = this.locate(path, cwd)
    if (place.node) {
      if (place.node.kind === 'dir') throw new FsError('EISDIR', path)
      if (place.node.kind === 'file') {
        this.touchTree(place.mount, place.path)
        if (options.truncate !== false && !place.node.live) {
          place.node.data = Buffer.alloc(0)
          place.node.mtimeMs = this.#now()
          place.mount.tree.changed()
        }
      }
      return { path: place.path, node: place.node, mount: place.mount }
    }
    if (path.endsWith('/')) throw new FsError('EISDIR', path)
    const node = newNode('file', this.#now(), { mode: options.mode ?? 0o644 })
    this.add(place, node)
    return { path: place.path, node, mount: place.mount }
  }

  writeFile(
    path: string,
    data: Buffer | string,
    options: { mode?: number; append?: boolean } = {},
    cwd = '/',
  ): FsNode {
    const { node, mount } = this.create(path, cwd, { mode: options.mode ?? 0o644, truncate: !options.append })
    if (node.kind !== 'file') return node
    node.data = options.append ? Buffer.concat([bytesOf(node), Buffer.from(data)]) : Buffer.from(data)
    node.mtimeMs = this.#now()
    mount.tree.changed()
    return node
  }

  /** Puts a node at a place that is free. */
  add(place: Place, node: FsNode): void {
    if (place.node) throw new FsError('EEXIST', place.path)
    if (!place.parent.children) throw new FsError('EPERM', place.path)
    this.touchTree(place.mount, place.path)
    place.parent.children.set(place.name, node)
    place.parent.mtimeMs = this.#now()
    place.mount.tree.changed()
  }

  mkdir(path: string, cwd = '/', mode = 0o755): FsNode {
    const node = newNode('dir', this.#now(), { mode })
    this.add(this.locate(path, cwd), node)
    return node
  }

  /** `mkdir -p`: parents too; calls back for every directory it made. */
  mkdirs(path: string, cwd = '/', mode = 0o755, made?: (node: FsNode, path: string) => void): void {
    const full = path.startsWith('/') ? path : `${cwd}/${path}`
    let here = ''
    const parts = full.split('/').filter(Boolean)
    for (const [index, part] of parts.entries()) {
      here += `/${part}`
      const place = this.locate(here)
      if (place.node) {
        if (place.node.kind !== 'dir') {
          throw new FsError(index === parts.length - 1 ? 'EEXIST' : 'ENOTDIR', path)
        }
        continue
      }
      const node = newNode('dir', this.#now(), { mode: index === parts.length - 1 ? mode : 0o755 })
      this.add(place, node)
      made?.(node, here)
    }
  }

  symlink(target: string, path: string, cwd = '/'): void {
    this.add(this.locate(path, cwd, false), newNode('symlink', this.#now(), { target }))
  }

  unlink(path: string, cwd = '/'): void {
    const place = this.locate(path, cwd, false)
    if (!place.node) throw new FsError('ENOENT', path)
    if (place.node.kind === 'dir') throw new FsError('EISDIR', path)
    this.#remove(place)
  }

  rmdir(path: string, cwd = '/'): void {
    const place = this.locate(path, cwd, false)
    if (!place.node) throw new FsError('ENOENT', path)
    if (place.node.kind !== 'dir') throw new FsError('ENOTDIR', path)
    if (this.mountAt(place.path)) throw new FsError('EBUSY', path)
    if (entriesOf(place.node).size > 0) throw new FsError('ENOTEMPTY', path)
    this.#remove(place)
  }

  rename(from: string, to: string, cwd = '/'): void {
    const source = this.locate(from, cwd, false)
    if (!source.node) throw new FsError('ENOENT', from)
    const target = this.locate(to, cwd, false)
    if (source.mount.tree !== target.mount.tree) throw new FsError('EXDEV', to)
    if (this.mountAt(source.path) || this.mountAt(target.path)) throw new FsError('EBUSY', from)
    if (target.path === source.path) return
    if (target.path.startsWith(`${source.path}/`)) throw new FsError('EINVAL', to)
    if (target.node?.kind === 'dir') {
      if (source.node.kind !== 'dir') throw new FsError('EISDIR', to)
      if (entriesOf(target.node).size > 0) throw new FsError('ENOTEMPTY', to)
    }
    this.touchTree(target.mount, target.path)
    this.touchTree(source.mount, source.path)
    source.parent.children?.delete(source.name)
    target.parent.children?.set(target.name, source.node)
    target.mount.tree.changed()
  }

  /** After a change of mode, owner, time or content made on the node itself. */
  changed(found: Found | Place): void {
    found.mount.tree.changed()
  }

  now(): number {
    return this.#now()
  }

  #remove(place: Place): void {
    if (!place.parent.children) throw new FsError('EPERM', place.path)
    this.touchTree(place.mount, place.path)
    place.parent.children.delete(place.name)
    place.parent.mtimeMs = this.#now()
    place.mount.tree.changed()
  }
}

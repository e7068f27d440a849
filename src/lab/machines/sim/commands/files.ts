import { FsError } from '../fs/errno.ts'
import { bytesOf, entriesOf, type FsNode, newNode } from '../fs/node.ts'
import { absolute, type Vfs } from '../fs/vfs.ts'
import type { Call, Program } from '../shell/host.ts'
import { owners } from './accounts.ts'
import { parseArguments } from './arguments.ts'
import { forEachOperand } from './input.ts'
import { applyMode } from './mode.ts'

const baseName = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) || '/'

const mkdir: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['m', 'mode'])
  if (rest.length === 0) return call.fail('missing operand')
  const mode = values.get('m') ?? values.get('mode')
  return forEachOperand(call, rest, 'cannot create directory', path => {
    const bits = mode === undefined ? 0o755 : (applyMode(mode, 0o777, true) ?? 0o755)
    if (flags.has('p') || flags.has('parents')) call.host.vfs.mkdirs(path, call.cwd, bits)
    else call.host.vfs.mkdir(path, call.cwd, bits)
  })
}

const rmdir: Program = call => {
  const { flags, rest } = parseArguments(call.args)
  return forEachOperand(call, rest, 'failed to remove', path => {
    try {
      call.host.vfs.rmdir(path, call.cwd)
    } catch (error) {
      const isFull = error instanceof FsError && error.errno === 'ENOTEMPTY'
      if (!(isFull && flags.has('ignore-fail-on-non-empty'))) throw error
    }
  })
}

/** Removes a tree. Mount points inside stay and give EBUSY. */
export function removeTree(vfs: Vfs, path: string): void {
  const found = vfs.find(path, '/', false)
  if (found.node.kind === 'dir') {
    for (const name of entriesOf(found.node).keys()) removeTree(vfs, `${path === '/' ? '' : path}/${name}`)
    vfs.rmdir(path)
  } else vfs.unlink(path)
}

const rm: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  const recursive = flags.has('r') || flags.has('R') || flags.has('recursive')
  const force = flags.has('f') || flags.has('force')
  if (rest.length === 0 && !force) return call.fail('missing operand')
  return forEachOperand(call, rest, 'cannot remove', async path => {
    const full = absolute(path, call.cwd)
    const found = call.host.vfs.look(full, '/', false)
    if (!found) {
      if (force) return
      throw new FsError('ENOENT', path)
    }
    if (found.node.kind !== 'dir') call.host.vfs.unlink(full)
    else if (recursive) removeTree(call.host.vfs, full)
    else if (flags.has('d')) call.host.vfs.rmdir(full)
    else throw new FsError('EISDIR', path)
  })
}

/** Copies an inode: content, mode, and owner and time when asked. */
function duplicate(call: Call, node: FsNode, keep: boolean): FsNode {
  const copy = newNode(node.kind, keep ? node.mtimeMs : call.host.vfs.now(), { mode: node.mode })
  if (keep) Object.assign(copy, { uid: node.uid, gid: node.gid })
  if (node.kind === 'file') copy.data = Buffer.from(bytesOf(node))
  if (node.target !== undefined) copy.target = node.target
  if (node.device !== undefined) copy.device = node.device
  if (node.kind === 'dir') {
    copy.children = new Map([...entriesOf(node)].map(([name, child]) => [name, duplicate(call, child, keep)]))
  }
  return copy
}

function targetOf(
  call: Call,
  operands: string[],
  into: string | undefined,
): { sources: string[]; place: (source: string) => string } {
  const sources = into === undefined ? operands.slice(0, -1) : operands
  const target = into ?? (operands.at(-1) as string)
  const isDir = call.host.vfs.look(target, call.cwd)?.node.kind === 'dir'
  return {
    sources,
    place: source =>
      isDir || into !== undefined ? `${target.replace(/\/$/, '')}/${baseName(source)}` : target,
  }
}

const cp: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['t', 'target-directory', 'S'])
  if (rest.length < 2 && !values.has('t'))
    return call.fail(
      rest.length === 0 ? 'missing file operand' : `missing destination file operand after '${rest[0]}'`,
    )
  const recursive = ['r', 'R', 'a', 'recursive', 'archive'].some(flag => flags.has(flag))
  const keep = flags.has('p') || flags.has('a') || flags.has('preserve') || flags.has('archive')
  const { sources, place } = targetOf(call, rest, values.get('t') ?? values.get('target-directory'))
  let status = 0
  for (const source of sources) {
    const target = flags.has('T') ? (rest.at(-1) as string) : place(source)
    const found = call.host.vfs.look(source, call.cwd, !(flags.has('a') || flags.has('d') || flags.has('P')))
    if (!found) status = await call.fail(`cannot stat '${source}': No such file or directory`)
    else if (found.node.kind === 'dir' && !recursive)
      status = await call.fail(`-r not specified; omitting directory '${source}'`)
    else {
      try {
        copyTo(call, found.node, target, { keep, noClobber: flags.has('n') })
      } catch (error) {
        if (!(error instanceof FsError)) throw error
        status = await call.fail(`cannot create regular file '${target}': ${error.message}`)
      }
    }
  }
  return status
}

function copyTo(
  call: Call,
  node: FsNode,
  target: string,
  options: { keep: boolean; noClobber: boolean },
): void {
  const { vfs } = call.host
  if (node.kind === 'dir') {
    if (!vfs.exists(target, call.cwd)) vfs.mkdir(target, call.cwd, node.mode)
    for (const [name, child] of entriesOf(node)) copyTo(call, child, `${target}/${name}`, options)
    return
  }
  const place = vfs.locate(target, call.cwd)
  if (!place.node) vfs.add(place, duplicate(call, node, options.keep))
  else if (!options.noClobber && place.node.kind === 'file') {
    vfs.writeFile(target, bytesOf(node), {}, call.cwd)
    if (options.keep) place.node.mode = node.mode
  }
}

const mv: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['t'])
  if (rest.length < 2 && !values.has('t'))
    return call.fail(
      rest.length === 0 ? 'missing file operand' : `missing destination file operand after '${rest[0]}'`,
    )
  const { sources, place } = targetOf(call, rest, values.get('t'))
  let status = 0
  for (const source of sources) {
    const target = flags.has('T') ? (rest.at(-1) as string) : place(source)
    const { vfs } = call.host
    if (flags.has('n') && vfs.exists(target, call.cwd)) continue
    try {
      vfs.rename(source, target, call.cwd)
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      if (error.errno !== 'EXDEV') {
        status = await call.fail(
          error.errno === 'ENOENT'
            ? `cannot stat '${source}': ${error.message}`
            : `cannot move '${source}' to '${target}': ${error.message}`,
        )
        continue
      }
      copyTo(call, vfs.find(source, call.cwd, false).node, target, { keep: true, noClobber: false })
      removeTree(vfs, absolute(source, call.cwd))
    }
  }
  return status
}

const ln: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  const { vfs } = call.host
  const [source = '', target = baseName(source)] = rest
  if (source === '') return call.fail('missing file operand')
  const noFollow = flags.has('n') || flags.has('T')
  const existing = vfs.look(target, call.cwd, !noFollow)
  const path = existing?.node.kind === 'dir' ? `${target.replace(/\/$/, '')}/${baseName(source)}` : target
  const symbolic = flags.has('s') || flags.has('symbolic')
  try {
    if ((flags.has('f') || flags.has('force')) && vfs.look(path, call.cwd, false)) vfs.unlink(path, call.cwd)
    if (symbolic) vfs.symlink(source, path, call.cwd)
    else vfs.add(vfs.locate(path, call.cwd, false), vfs.find(source, call.cwd).node)
  } catch (error) {
    if (!(error instanceof FsError)) throw error
    return call.fail(`failed to create ${symbolic ? 'symbolic' : 'hard'} link '${path}': ${error.message}`)
  }
  return 0
}

function walk(vfs: Vfs, path: string, act: (path: string) => void): void {
  act(path)
  const found = vfs.look(path, '/', false)
  if (found?.node.kind === 'dir')
    for (const name of vfs.readDir(path)) walk(vfs, `${path === '/' ? '' : path}/${name}`, act)
}

const chmod: Program = async call => {
  const isRecursive = call.args.includes('-R') || call.args.includes('--recursive')
  const rest = call.args.filter(argument => !/^(-R|--recursive|-v|-f|-c)$/.test(argument))
  const reference = rest.find(argument => argument.startsWith('--reference='))
  const [mode = '', ...paths] = reference ? ['', ...rest.filter(argument => argument !== reference)] : rest
  if (paths.length === 0)
    return call.fail(mode === '' ? 'missing operand' : `missing operand after '${mode}'`)
  if (!reference && applyMode(mode, 0, false) === undefined) return call.fail(`invalid mode: '${mode}'`)
  return forEachOperand(call, paths, 'cannot access', path => {
    const change = (one: string) => {
      const found = call.host.vfs.find(one, call.cwd)
      call.host.vfs.touchTree(found.mount, found.path)
      const like = reference ? call.host.vfs.find(reference.slice(12), call.cwd).node.mode : undefined
      found.node.mode = like ?? applyMode(mode, found.node.mode, found.node.kind === 'dir') ?? found.node.mode
      call.host.vfs.changed(found)
    }
    if (isRecursive) walk(call.host.vfs, absolute(path, call.cwd), change)
    else change(path)
  })
}

const chown: Program = async call => {
  const { flags, rest } = parseArguments(call.args, ['from'])
  const [spec = '', ...paths] = rest
  if (paths.length === 0)
    return call.fail(spec === '' ? 'missing operand' : `missing operand after '${spec}'`)
  const ids = owners(call.host.vfs, call.name === 'chgrp' ? `:${spec}` : spec)
  if (typeof ids === 'string') return call.fail(ids)
  return forEachOperand(call, paths, 'cannot access', path => {
    const change = (one: string) => {
      const found = call.host.vfs.find(one, call.cwd, !(flags.has('h') || flags.has('no-dereference')))
      call.host.vfs.touchTree(found.mount, found.path)
      Object.assign(found.node, ids)
      call.host.vfs.changed(found)
    }
    if (flags.has('R') || flags.has('recursive')) walk(call.host.vfs, absolute(path, call.cwd), change)
    else change(path)
  })
}

const touch: Program = call => {
  const { flags, values, rest } = parseArguments(call.args, ['d', 't', 'r', 'date', 'reference'])
  return forEachOperand(call, rest, 'cannot touch', path => {
    const { vfs } = call.host
    if (!vfs.exists(path, call.cwd) && (flags.has('c') || flags.has('no-create'))) return
    const found = vfs.create(path, call.cwd, { truncate: false })
    const date = values.get('d') ?? values.get('date')
    found.node.mtimeMs =
      date === undefined ? vfs.now() : date.startsWith('@') ? Number(date.slice(1)) * 1000 : Date.parse(date)
    vfs.changed(found)
  })
}

const install: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['m', 'o', 'g', 't', 'mode', 'owner', 'group'])
  const { vfs } = call.host
  const mode = values.get('m') ?? values.get('mode')
  const bits = mode === undefined ? 0o755 : applyMode(mode, 0, flags.has('d'))
  if (bits === undefined) return call.fail(`invalid mode '${mode}'`)
  const ids = owners(
    vfs,
    `${values.get('o') ?? values.get('owner') ?? ''}:${values.get('g') ?? values.get('group') ?? ''}`,
  )
  if (typeof ids === 'string')
    return call.fail(ids.replace(/: '.*/, ` '${values.get('o') ?? values.get('g') ?? ''}'`))
  const settle = (path: string) => {
    const found = vfs.find(path, call.cwd)
    vfs.touchTree(found.mount, found.path)
    Object.assign(found.node, ids, { mode: bits })
    vfs.changed(found)
  }
  if (flags.has('d') || flags.has('directory')) {
    return forEachOperand(call, rest, 'cannot create directory', path => {
      vfs.mkdirs(path, call.cwd)
      settle(path)
    })
  }
  if (rest.length < 2 && !values.has('t'))
    return call.fail(`missing destination file operand after '${rest[0] ?? ''}'`)
  const { sources, place } = targetOf(call, rest, values.get('t'))
  let status = 0
  for (const source of sources) {
    const target = place(source)
    try {
      const data =
        source === '/dev/null'
          ? Buffer.alloc(0)
          : source === '/dev/stdin'
            ? await call.stdin.readAll(call.signal)
            : vfs.readFile(source, call.cwd)
      if (flags.has('D')) vfs.mkdirs(absolute(`${target}/..`, call.cwd))
      if (vfs.look(target, call.cwd, false)) vfs.unlink(target, call.cwd)
      vfs.writeFile(target, data, {}, call.cwd)
      settle(target)
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      status = await call.fail(
        vfs.exists(source, call.cwd)
          ? `cannot create regular file '${target}': ${error.message}`
          : `cannot stat '${source}': ${error.message}`,
      )
    }
  }
  return status
}

const truncate: Program = call => {
  const { values, rest } = parseArguments(call.args, ['s', 'size'])
  const size = Number.parseInt(values.get('s') ?? values.get('size') ?? '0', 10)
  return forEachOperand(call, rest, 'cannot open', path => {
    const { node } = call.host.vfs.create(path, call.cwd, { truncate: false })
    const data = bytesOf(node)
    call.host.vfs.writeFile(
      path,
      Buffer.concat([data.subarray(0, size), Buffer.alloc(Math.max(0, size - data.length))]),
      {},
      call.cwd,
    )
  })
}

const shred: Program = call => {
  const { flags, rest } = parseArguments(call.args, ['n', 's'])
  return forEachOperand(call, rest, 'failed to open for writing', path => {
    const { node } = call.host.vfs.find(path, call.cwd)
    call.host.vfs.writeFile(path, Buffer.alloc(bytesOf(node).length), {}, call.cwd)
    if (flags.has('u') || flags.has('remove') || flags.has('z-remove')) call.host.vfs.unlink(path, call.cwd)
  })
}

const mktemp: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['p', 'tmpdir', 'suffix'])
  const template = rest[0] ?? 'tmp.XXXXXXXXXX'
  const folder =
    rest[0] === undefined || flags.has('t') || values.has('p')
      ? (values.get('p') ?? call.env.TMPDIR ?? '/tmp')
      : undefined
  const alphabet = 'abcdefghijklmnopqrstuvwxyzABCDEFGHIJKLMNOPQRSTUVWXYZ0123456789'
  for (let round = call.process.pid; ; round += 1) {
    const name = template.replace(/X{3,}/, run =>
      Array.from(
        run,
        (_, at) => alphabet[(round * 2654435761 + at * 40503 + round * at * 97) % alphabet.length],
      ).join(''),
    )
    const path = folder === undefined ? name : `${folder}/${name}`
    if (call.host.vfs.exists(path, call.cwd)) continue
    try {
      if (flags.has('d')) call.host.vfs.mkdir(path, call.cwd, 0o700)
      else if (!flags.has('u')) call.host.vfs.writeFile(path, '', { mode: 0o600 }, call.cwd)
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      return call.fail(
        `failed to create file via template '${folder === undefined ? template : `${folder}/${template}`}': ${error.message}`,
      )
    }
    await call.out(`${path}\n`)
    return 0
  }
}

/** Programs that make, move and remove files. */
export const files: Record<string, Program> = {
  mkdir,
  rmdir,
  rm,
  cp,
  mv,
  ln,
  chmod,
  chown,
  chgrp: chown,
  touch,
  install,
  truncate,
  shred,
  mktemp,
  unlink: rm,
}

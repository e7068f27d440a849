import { FsError } from '../fs/errno.ts'
import { bytesOf, entriesOf, type FsNode } from '../fs/node.ts'
import { absolute } from '../fs/vfs.ts'
import { strftime } from '../shell/builtins/printf.ts'
import type { Call, Program } from '../shell/host.ts'
import { matches } from '../shell/pattern.ts'
import { nameOf } from './accounts.ts'
import { parseArguments } from './arguments.ts'
import { modeText } from './mode.ts'

const sizeOf = (node: FsNode) =>
  node.kind === 'dir' ? 4096 : node.kind === 'symlink' ? (node.target ?? '').length : bytesOf(node).length

function longLine(call: Call, node: FsNode, name: string, numeric: boolean): string {
  const user = numeric ? node.uid : nameOf(call.host.vfs, 'passwd', node.uid)
  const group = numeric ? node.gid : nameOf(call.host.vfs, 'group', node.gid)
  const link = node.kind === 'symlink' ? ` -> ${node.target}` : ''
  return `${modeText(node.kind, node.mode)} 1 ${user} ${group} ${sizeOf(node)} ${strftime('%b %e %H:%M', node.mtimeMs)} ${name}${link}`
}

const ls: Program = async call => {
  const { flags, rest } = parseArguments(call.args, ['color', 'time-style', 'sort', 'I'])
  const { vfs } = call.host
  const long = flags.has('l') || flags.has('n')
  const wide = call.stdout.channel.isTty && !long && !flags.has('1')
  let status = 0
  const show = async (entries: { name: string; node: FsNode }[]) => {
    if (flags.has('t')) entries.sort((a, b) => b.node.mtimeMs - a.node.mtimeMs)
    if (flags.has('r')) entries.reverse()
    const lines = entries.map(
      ({ name, node }) =>
        (flags.has('i') ? `${node.ino} ` : '') +
        (long
          ? longLine(call, node, name, flags.has('n'))
          : name + (flags.has('F') && node.kind === 'dir' ? '/' : '')),
    )
    if (lines.length > 0) await call.out(`${lines.join(wide ? '  ' : '\n')}\n`)
  }
  const folders: string[] = []
  const plain: { name: string; node: FsNode }[] = []
  for (const path of rest.length > 0 ? rest : ['.']) {
    const found = vfs.look(path, call.cwd, !long || path.endsWith('/')) ?? vfs.look(path, call.cwd, false)
    if (!found) status = await call.fail(`cannot access '${path}': No such file or directory`, 2)
    else if (found.node.kind === 'dir' && !flags.has('d')) folders.push(path)
    else plain.push({ name: path, node: found.node })
  }
  await show(plain)
  const listFolder = async (path: string, title: boolean): Promise<void> => {
    if (title) await call.out(`${path}:\n`)
    const names = vfs
      .readDir(path, call.cwd)
      .filter(name => flags.has('a') || flags.has('A') || !name.startsWith('.'))
    const entries = names.flatMap(name => {
      const node = vfs.look(`${path}/${name}`, call.cwd, false)?.node
      return node ? [{ name, node }] : []
    })
    if (flags.has('a'))
      entries.unshift(
        ...['.', '..'].map(name => ({ name, node: vfs.find(`${path}/${name}`, call.cwd).node })),
      )
    if (long) await call.out(`total ${entries.length * 4}\n`)
    await show(entries)
    if (flags.has('R'))
      for (const { name, node } of entries)
        if (node.kind === 'dir' && !name.startsWith('.')) {
          await call.out('\n')
          await listFolder(`${path.replace(/\/$/, '')}/${name}`, true)
        }
  }
  for (const [index, path] of folders.entries()) {
    if (index > 0 || plain.length > 0) await call.out('\n')
    await listFolder(path, folders.length > 1 || rest.length > 1 || flags.has('R'))
  }
  return status
}

const kindNames: Record<string, string> = {
  file: 'regular file',
  dir: 'directory',
  symlink: 'symbolic link',
  char: 'character special file',
  block: 'block special file',
}

const stat: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['c', 'format', 'printf', 't'])
  const { vfs } = call.host
  let status = 0
  for (const path of rest) {
    const found = vfs.look(path, call.cwd, flags.has('L'))
    if (!found) {
      status = await call.fail(`cannot statx '${path}': No such file or directory`)
      continue
    }
    const { node, mount } = found
    const template = values.get('c') ?? values.get('format') ?? values.get('printf')
    if (flags.has('f')) {
      const text = (template ?? '%T')
        .replaceAll('%T', mount.tree.type === 'ext4' ? 'ext2/ext3' : mount.tree.type)
        .replaceAll('%S', '4096')
        .replaceAll('%b', String(Math.floor(mount.tree.sizeBytes / 4096)))
        .replaceAll('%s', '4096')
      await call.out(`${text}\n`)
      continue
    }
    const device = [...mount.tree.source].reduce((sum, char) => (sum * 31 + char.charCodeAt(0)) % 65521, 7)
    const fields: Record<string, string> = {
      a: node.mode.toString(8),
      A: modeText(node.kind, node.mode),
      u: String(node.uid),
      g: String(node.gid),
      U: nameOf(vfs, 'passwd', node.uid),
      G: nameOf(vfs, 'group', node.gid),
      s: String(sizeOf(node)),
      n: path,
      N: `'${path}'`,
      F: node.kind === 'file' && sizeOf(node) === 0 ? 'regular empty file' : (kindNames[node.kind] ?? ''),
      i: String(node.ino),
      d: String(device),
      D: device.toString(16),
      m: mount.path,
      Y: String(Math.floor(node.mtimeMs / 1000)),
      X: String(Math.floor(node.mtimeMs / 1000)),
      Z: String(Math.floor(node.mtimeMs / 1000)),
      y: strftime('%F %T.%N +0000', node.mtimeMs),
      h: '1',
    }
    const text =
      template === undefined
        ? `  File: ${path}\n  Size: ${sizeOf(node)}\t${fields.F}\nAccess: (${node.mode.toString(8).padStart(4, '0')}/${fields.A})  Uid: (${node.uid}/${fields.U})   Gid: (${node.gid}/${fields.G})\nModify: ${fields.y}`
        : template.replace(/%([a-zA-Z%])/g, (whole, letter: string) =>
            letter === '%' ? '%' : (fields[letter] ?? whole),
          )
    await call.out(values.has('printf') ? text.replaceAll('\\n', '\n') : `${text}\n`)
  }
  return status
}

const readlink: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  let status = 0
  for (const path of rest) {
    const canonical = flags.has('f') || flags.has('e') || flags.has('m') || call.name === 'realpath'
    try {
      if (canonical) {
        const place = call.host.vfs.locate(path, call.cwd)
        if (!place.node && (flags.has('e') || (call.name === 'realpath' && !flags.has('m') && !place.parent)))
          throw new FsError('ENOENT', path)
        await call.out(`${place.path}${flags.has('n') ? '' : '\n'}`)
        continue
      }
      const { node } = call.host.vfs.find(path, call.cwd, false)
      if (node.kind !== 'symlink') throw new FsError('EINVAL', path)
      await call.out(`${node.target}${flags.has('n') ? '' : '\n'}`)
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      if (call.name === 'realpath' && !flags.has('q')) await call.fail(`${path}: ${error.message}`)
      status = 1
    }
  }
  return status
}

const find: Program = async call => {
  const { vfs } = call.host
  const start = call.args.findIndex(argument => /^[-!(]/.test(argument))
  const roots = call.args.slice(0, start < 0 ? undefined : start)
  const tests = start < 0 ? [] : call.args.slice(start)
  let status = 0
  const option = (name: string) => (tests.includes(name) ? Number(tests[tests.indexOf(name) + 1]) : undefined)
  const maxDepth = option('-maxdepth') ?? Number.POSITIVE_INFINITY
  const minDepth = option('-mindepth') ?? 0
  const hits: string[] = []
  const visit = async (path: string, depth: number): Promise<void> => {
    const found = vfs.look(path, call.cwd, false)
    if (!found) return
    const prune = depth >= minDepth ? await judge(path, found.node) : false
    if (found.node.kind === 'dir' && depth < maxDepth && !prune) {
      if (tests.includes('-xdev') && depth > 0 && vfs.mountAt(found.path)) return
      for (const name of vfs.readDir(path, call.cwd))
        await visit(`${path.replace(/\/$/, '')}/${name}`, depth + 1)
    }
  }
  const judge = async (path: string, node: FsNode): Promise<boolean> => {
    let at = 0
    let prune = false
    let acted = false
    const term = async (): Promise<boolean> => {
      const word = tests[at] as string
      at += 1
      const value = () => {
        at += 1
        return tests[at - 1] as string
      }
      switch (word) {
        case '!':
        case '-not':
          return !(await term())
        case '(': {
          const inner = await expression()
          at += 1
          return inner
        }
        case '-name':
          return matches(value(), path.split('/').at(-1) as string)
        case '-path':
        case '-wholename':
          return matches(value(), path)
        case '-type':
          return value() === { file: 'f', dir: 'd', symlink: 'l', block: 'b', char: 'c' }[node.kind]
        case '-maxdepth':
        case '-mindepth':
          value()
          return true
        case '-xdev':
        case '-mount':
        case '-depth':
          return true
        case '-empty':
          return node.kind === 'dir' ? entriesOf(node).size === 0 : bytesOf(node).length === 0
        case '-newer':
          return node.mtimeMs > (vfs.look(value(), call.cwd)?.node.mtimeMs ?? 0)
        case '-mmin':
        case '-mtime': {
          const text = value()
          const age = (vfs.now() - node.mtimeMs) / (word === '-mmin' ? 60000 : 86400000)
          const wanted = Math.abs(Number(text))
          return text.startsWith('+')
            ? age > wanted
            : text.startsWith('-')
              ? age < wanted
              : Math.floor(age) === wanted
        }
        case '-perm':
          return (node.mode & 0o7777) === Number.parseInt(value().replace(/^[-/]/, ''), 8)
        case '-prune':
          prune = true
          return true
        case '-print':
          acted = true
          await call.out(`${path}\n`)
          return true
        case '-print0':
          acted = true
          await call.out(`${path}\0`)
          return true
        case '-printf':
          acted = true
          await call.out(
            value()
              .replaceAll('%p', path)
              .replaceAll('%f', path.split('/').at(-1) as string)
              .replaceAll('%s', String(sizeOf(node)))
              .replaceAll('%m', node.mode.toString(8))
              .replaceAll('\\n', '\n'),
          )
          return true
        case '-delete':
          acted = true
          if (node.kind === 'dir') vfs.rmdir(path, call.cwd)
          else vfs.unlink(path, call.cwd)
          return true
        case '-quit':
          return true
        case '-exec': {
          acted = true
          const end = tests.findIndex((test, index) => index >= at && (test === ';' || test === '+'))
          const command = tests.slice(at, end)
          const batch = tests[end] === '+'
          at = end + 1
          if (batch) {
            hits.push(path)
            return true
          }
          return (await call.run(command.map(word_ => word_.replaceAll('{}', path)))) === 0
        }
        default:
          return true
      }
    }
    const conjunction = async (): Promise<boolean> => {
      let result = await term()
      while (at < tests.length && tests[at] !== ')' && tests[at] !== '-o') {
        if (tests[at] === '-a') at += 1
        if (!result) {
          skip()
          continue
        }
        result = await term()
      }
      return result
    }
    const skip = () => {
      let depth = 0
      while (at < tests.length) {
        const word = tests[at] as string
        if (depth === 0 && (word === '-o' || word === ')')) return
        if (word === '(') depth += 1
        if (word === ')') depth -= 1
        at += 1
      }
    }
    const expression = async (): Promise<boolean> => {
      let result = await conjunction()
      while (tests[at] === '-o') {
        at += 1
        if (result) skip()
        else result = await conjunction()
      }
      return result
    }
    const held = tests.length === 0 ? true : await expression()
    const hasAction = tests.some(test => ['-print', '-print0', '-printf', '-exec', '-delete'].includes(test))
    if (held && !acted && !hasAction) await call.out(`${path}\n`)
    return prune
  }
  for (const root of roots.length > 0 ? roots : ['.']) {
    if (!vfs.look(root, call.cwd, false)) status = await call.fail(`'${root}': No such file or directory`)
    else if (tests.includes('-delete') || tests.includes('-depth')) await visitDeep(root)
    else await visit(root, 0)
  }
  async function visitDeep(path: string, depth = 0): Promise<void> {
    const found = vfs.look(path, call.cwd, false)
    if (found?.node.kind === 'dir' && depth < maxDepth)
      for (const name of vfs.readDir(path, call.cwd))
        await visitDeep(`${path.replace(/\/$/, '')}/${name}`, depth + 1)
    if (found && depth >= minDepth) await judge(path, found.node)
  }
  if (hits.length > 0) {
    const at = tests.indexOf('-exec')
    const command = tests.slice(at + 1, tests.indexOf('+', at))
    const code = await call.run(command.flatMap(word => (word === '{}' ? hits : [word])))
    if (code !== 0) status = 1
  }
  return status
}

const du: Program = async call => {
  const { flags, rest } = parseArguments(call.args, ['d', 'max-depth'])
  const total = (path: string): number => {
    const found = call.host.vfs.look(path, '/', false)
    if (!found) return 0
    const own = Math.max(4, Math.ceil(sizeOf(found.node) / 1024))
    return found.node.kind === 'dir'
      ? call.host.vfs.readDir(path).reduce((sum, name) => sum + total(`${path}/${name}`), own)
      : own
  }
  for (const path of rest.length > 0 ? rest : ['.']) {
    const kilobytes = total(absolute(path, call.cwd))
    await call.out(
      `${flags.has('b') ? kilobytes * 1024 : flags.has('h') ? `${kilobytes}K` : kilobytes}\t${path}\n`,
    )
  }
  return 0
}

/** Programs that show what files there are. */
export const listing: Record<string, Program> = { ls, stat, readlink, realpath: readlink, find, du }

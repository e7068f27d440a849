import type { Redirection } from 'unbash'
import { FsError } from '../fs/errno.ts'
import { expandParts, expandText, expandWords } from './expand.ts'
import { type Shell, ShellError } from './shell.ts'
import { type Channel, fileChannel, nullChannel, OpenFile, textChannel } from './streams.ts'

export type OpenMode = 'read' | 'write' | 'append' | 'both'

const endless: Channel = { ...nullChannel, read: async () => Buffer.alloc(4096), path: '/dev/zero' }

/** open(2) as a shell does it for a redirection: devices by name, files of the virtual file system. */
export function openPath(shell: Shell, path: string, mode: OpenMode): OpenFile {
  const fd =
    /^\/(?:dev\/fd|proc\/self\/fd)\/(\d+)$/.exec(path)?.[1] ??
    { '/dev/stdin': '0', '/dev/stdout': '1', '/dev/stderr': '2' }[path]
  if (fd !== undefined) {
    const open = shell.fds.get(Number(fd))
    if (!open) throw new FsError('ENOENT', path)
    return open.retain()
  }
  const { vfs } = shell.host
  if (path === '') throw new FsError('ENOENT', path)
  const watch = (opened: string, isOpen: boolean) => {
    const count = (shell.process.files.get(opened) ?? 0) + (isOpen ? 1 : -1)
    if (count > 0) shell.process.files.set(opened, count)
    else shell.process.files.delete(opened)
  }
  if (mode === 'read') {
    const found = vfs.find(path, shell.cwd)
    const device = openDevice(shell, found.node.kind, found.node.device, path)
    if (device) return device
    return new OpenFile(fileChannel(vfs, found, false, watch))
  }
  const created = vfs.create(path, shell.cwd, { truncate: mode === 'write', mode: 0o666 & ~umaskOf(shell) })
  const device = openDevice(shell, created.node.kind, created.node.device, path)
  if (device) return device
  return new OpenFile(fileChannel(vfs, created, mode === 'append', watch))
}

/** The umask of the shell, kept as a variable no script can name. */
export function umaskOf(shell: Shell): number {
  return Number.parseInt(shell.vars.get('\0umask') ?? '22', 8)
}

function openDevice(
  shell: Shell,
  kind: string,
  device: string | undefined,
  path: string,
): OpenFile | undefined {
  if (kind === 'dir') throw new FsError('EISDIR', path)
  if (kind !== 'char' && kind !== 'block') return undefined
  if (device === 'zero' || device === 'urandom') return new OpenFile(endless)
  if (device === 'console') {
    const node = shell.host.vfs.look('/dev/.console')?.node
    if (node)
      return new OpenFile(
        fileChannel(
          shell.host.vfs,
          { node, path, mount: { tree: { gone: false, changed: () => undefined } } },
          true,
        ),
      )
  }
  if (device === 'tty') {
    const terminal = [...shell.fds.values()].find(file => file.channel.isTty)
    if (!terminal) throw new FsError('ENXIO', path)
    return terminal.retain()
  }
  return new OpenFile({ ...nullChannel, path })
}

async function open(shell: Shell, node: Redirection): Promise<[number, OpenFile | undefined][]> {
  const given = node.descriptor?.type === 'FileDescriptor' ? node.descriptor.value : undefined
  if (node.type === 'HereDoc') {
    const body = node.body.parts ? await expandParts(shell, node.body.parts) : node.body.text
    const text = node.operator === '<<-' ? body.replace(/^\t+/gm, '') : body
    return [[given ?? 0, new OpenFile(textChannel(text))]]
  }
  if (node.type === 'HereString') {
    return [[given ?? 0, new OpenFile(textChannel(`${await expandText(shell, node.target)}\n`))]]
  }
  const isInput = node.operator === '<' || node.operator === '<&' || node.operator === '<>'
  const fd = given ?? (isInput ? 0 : 1)
  const targets = node.target ? await expandWords(shell, [node.target]) : []
  const target = targets[0] ?? ''
  if (targets.length > 1) throw new ShellError(`${node.target?.text}: ambiguous redirect`)
  if (node.operator === '<&' || (node.operator === '>&' && /^(\d+-?|-)$/.test(target))) {
    if (target === '-') return [[fd, undefined]]
    const source = shell.fds.get(Number.parseInt(target, 10))
    if (!source) throw new ShellError(`${target}: Bad file descriptor`)
    return [[fd, source.retain()]]
  }
  if (target === '' && targets.length === 0)
    throw new ShellError(`${node.target?.text ?? ''}: ambiguous redirect`)
  const mode: OpenMode =
    node.operator === '<'
      ? 'read'
      : node.operator === '<>'
        ? 'both'
        : node.operator.endsWith('>>')
          ? 'append'
          : 'write'
  if (
    mode === 'write' &&
    node.operator === '>' &&
    shell.options.has('C') &&
    shell.host.vfs.look(target, shell.cwd)?.node.kind === 'file'
  ) {
    throw new ShellError(`${target}: cannot overwrite existing file`)
  }
  const file = openPath(shell, target, mode)
  if (node.operator.startsWith('&') || node.operator === '>&')
    return [
      [1, file],
      [2, file.retain()],
    ]
  return [[fd, file]]
}

/**
 * Opens redirections in order. Returns what undoes them.
 * @throws ShellError as bash prints it: `/x/y: No such file or directory`
 */
export async function redirect(shell: Shell, nodes: readonly Redirection[]): Promise<() => void> {
  const saved: [number, OpenFile | undefined][] = []
  const undo = () => {
    for (const [fd, file] of saved.reverse()) {
      shell.fds.get(fd)?.release()
      if (file) shell.fds.set(fd, file)
      else shell.fds.delete(fd)
    }
  }
  try {
    for (const node of nodes) {
      let next: [number, OpenFile | undefined][]
      try {
        next = await open(shell, node)
      } catch (error) {
        if (error instanceof FsError) throw new ShellError(`${error.path}: ${error.message}`)
        throw error
      }
      if (node.descriptor?.type === 'FileDescriptorVariable') {
        let free = 10
        while (shell.fds.has(free)) free += 1
        const closing = next[0]?.[1] === undefined
        if (!closing) shell.vars.set(node.descriptor.name, String(free))
        next = [[closing ? Number(shell.vars.get(node.descriptor.name)) : free, next[0]?.[1]]]
      }
      for (const [fd, file] of next) {
        saved.push([fd, shell.fds.get(fd)])
        if (file) shell.fds.set(fd, file)
        else shell.fds.delete(fd)
      }
    }
  } catch (error) {
    undo()
    throw error
  }
  return undo
}

/** Makes redirections permanent (`exec >file`): what they replaced is closed. */
export async function redirectForGood(shell: Shell, nodes: readonly Redirection[]): Promise<void> {
  const before = new Map(shell.fds)
  await redirect(shell, nodes)
  for (const [fd, file] of before) if (shell.fds.get(fd) !== file) file.release()
}

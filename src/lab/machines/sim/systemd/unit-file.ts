import { FsError } from '../fs/errno.ts'
import type { Vfs } from '../fs/vfs.ts'

/** A unit as its files say: every directive with its values in order; an empty value clears what came before. */
export type UnitFile = {
  name: string
  path: string
  dropIns: string[]
  all(section: string, key: string): string[]
  get(section: string, key: string): string | undefined
}

const folders = [
  '/etc/systemd/system',
  '/run/systemd/system',
  '/run/systemd/generator',
  '/usr/local/lib/systemd/system',
  '/usr/lib/systemd/system',
]

function parse(text: string, into: Map<string, string[]>): void {
  let section = ''
  for (const raw of text.replace(/\\\n\s*/g, ' ').split('\n')) {
    const line = raw.trim()
    if (line === '' || line.startsWith('#') || line.startsWith(';')) continue
    const head = /^\[(.+)\]$/.exec(line)
    if (head) {
      section = head[1] as string
      continue
    }
    const at = line.indexOf('=')
    if (at < 0) continue
    const key = `${section}.${line.slice(0, at).trim()}`
    const value = line.slice(at + 1).trim()
    if (value === '') into.set(key, [])
    else into.set(key, [...(into.get(key) ?? []), value])
  }
}

function names(vfs: Vfs, path: string): string[] {
  try {
    return vfs.readDir(path)
  } catch (error) {
    if (error instanceof FsError) return []
    throw error
  }
}

/** Reads a unit and its drop-ins from the guest's disk; undefined when there is no such unit. */
export function readUnit(vfs: Vfs, name: string): UnitFile | undefined {
  const folder = folders.find(one => vfs.exists(`${one}/${name}`))
  const template = name.replace(/@[^.]*/, '@')
  const file = folder
    ? `${folder}/${name}`
    : folders.map(one => `${one}/${template}`).find(path => name.includes('@') && vfs.exists(path))
  const dropIns = folders
    .flatMap(one =>
      names(vfs, `${one}/${name}.d`)
        .filter(entry => entry.endsWith('.conf'))
        .map(entry => `${one}/${name}.d/${entry}`),
    )
    .sort((a, b) => (a.split('/').at(-1) as string).localeCompare(b.split('/').at(-1) as string))
  if (!file || vfs.find(file).path === '/dev/null') return undefined
  const values = new Map<string, string[]>()
  const instance = /@([^.]*)\./.exec(name)?.[1] ?? ''
  for (const path of [file, ...dropIns])
    parse(
      vfs
        .readText(path)
        .replaceAll('%i', instance)
        .replaceAll('%n', name)
        .replaceAll('%H', vfs.exists('/etc/hostname') ? vfs.readText('/etc/hostname').trim() : ''),
      values,
    )
  return {
    name,
    path: file,
    dropIns,
    all: (section, key) => values.get(`${section}.${key}`) ?? [],
    get: (section, key) => values.get(`${section}.${key}`)?.at(-1),
  }
}

/** Names of all units with a file, sorted. */
export function unitNames(vfs: Vfs): string[] {
  return [
    ...new Set(
      folders.flatMap(folder =>
        names(vfs, folder).filter(name => /\.(service|mount|target|path|timer|socket)$/.test(name)),
      ),
    ),
  ].sort()
}

/** systemd-escape --path: `/dev/disk/by-id/x` → `dev-disk-by\x2did-x`. */
export function escapePath(path: string): string {
  const trimmed = path.replace(/^\/+|\/+$/g, '')
  if (trimmed === '') return '-'
  return [...trimmed]
    .map((char, at) =>
      char === '/'
        ? '-'
        : /[A-Za-z0-9:_.]/.test(char) && !(char === '.' && at === 0)
          ? char
          : `\\x${char.charCodeAt(0).toString(16)}`,
    )
    .join('')
}

/** The inverse, for `data.mount` → `/data`. */
export function unescapePath(name: string): string {
  if (name === '-') return '/'
  return `/${name.replace(/-/g, '/').replace(/\\x([0-9a-f]{2})/g, (_, hex: string) => String.fromCharCode(Number.parseInt(hex, 16)))}`
}

/** `5s`, `1min 30s`, `90`, `infinity` → milliseconds. */
export function timeSpanMs(text: string): number {
  if (text === 'infinity' || text === '0') return Number.POSITIVE_INFINITY
  const units: Record<string, number> = {
    ms: 1,
    s: 1000,
    sec: 1000,
    min: 60000,
    m: 60000,
    h: 3600000,
    '': 1000,
  }
  let total = 0
  for (const [, number, unit = ''] of text.matchAll(/([\d.]+)\s*([a-z]*)/g))
    total += Number(number) * (units[unit] ?? 1000)
  return total
}

/** Words of an Exec line, quotes respected. */
export function words(line: string): string[] {
  const result: string[] = []
  for (const found of line.matchAll(
    /"((?:[^"\\]|\\.)*)"|'([^']*)'|((?:[^\s"'\\]|\\.)+(?:"[^"]*"|'[^']*'|[^\s"'])*)/g,
  )) {
    result.push(
      (found[1] ?? found[2] ?? found[3]?.replace(/["']/g, '') ?? '')
        .replace(/\\(["\\$])/g, '$1')
        .replaceAll('%%', '%')
        .replaceAll('$$', '$'),
    )
  }
  return result
}

import type { Vfs } from '../fs/vfs.ts'

function lookUp(vfs: Vfs, file: string, field: number, value: string, want: number): string | undefined {
  const found = vfs.look(file)
  if (!found) return undefined
  for (const line of vfs.readText(file).split('\n')) {
    const fields = line.split(':')
    if (fields[field] === value) return fields[want]
  }
  return undefined
}

/** Number of a user or group by name or number; undefined when there is none. */
export function idOf(vfs: Vfs, kind: 'passwd' | 'group', name: string): number | undefined {
  const found = lookUp(vfs, `/etc/${kind}`, 0, name, 2)
  if (found !== undefined) return Number(found)
  return /^\d+$/.test(name) ? Number(name) : undefined
}

/** Name of a user or group, or its number as text. */
export function nameOf(vfs: Vfs, kind: 'passwd' | 'group', id: number): string {
  return lookUp(vfs, `/etc/${kind}`, 2, String(id), 0) ?? String(id)
}

/** `root:adm`, `1000:2000`, `:adm` → numbers; text for the error message. */
export function owners(vfs: Vfs, text: string): { uid?: number; gid?: number } | string {
  const [user = '', group] = text.split(/[:.]/)
  const result: { uid?: number; gid?: number } = {}
  if (user !== '') {
    const uid = idOf(vfs, 'passwd', user)
    if (uid === undefined) return `invalid user: '${text}'`
    result.uid = uid
  }
  if (group !== undefined && group !== '') {
    const gid = idOf(vfs, 'group', group)
    if (gid === undefined) return `invalid group: '${text}'`
    result.gid = gid
  }
  return result
}

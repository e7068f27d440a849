import { FsError } from '../fs/errno.ts'
import type { Field } from './expand.ts'
import { patternSource } from './pattern.ts'
import type { Shell } from './shell.ts'

/** Splits a field at its slashes, keeping what is quoted apart. */
function components(field: Field): Field[] {
  const result: Field[] = [[]]
  for (const piece of field) {
    for (const [index, text] of piece.text.split('/').entries()) {
      if (index > 0) result.push([])
      if (text !== '') result.at(-1)?.push({ text, quoted: piece.quoted })
    }
  }
  return result
}

/** Paths that match a field with wildcards, sorted; none when nothing matches or globbing is off. */
export function globPaths(shell: Shell, field: Field): string[] {
  if (shell.options.has('f')) return []
  const parts = components(field)
  const isAbsolute = parts.length > 1 && parts[0]?.length === 0
  let found = [isAbsolute ? '/' : '']
  for (const [index, part] of parts.entries()) {
    if (part.length === 0) {
      if (index > 0 && index === parts.length - 1) found = found.map(path => `${path}/`)
      continue
    }
    const text = part.map(piece => piece.text).join('')
    const join = (base: string, name: string) =>
      base === '' || base === '/' ? base + name : `${base}/${name}`
    if (!part.some(piece => !piece.quoted && /[*?[(]/.test(piece.text))) {
      found = found.map(base => join(base, text)).filter(path => shell.host.vfs.look(path, shell.cwd, false))
      continue
    }
    const source = patternSource(
      part.map(piece => ({ text: piece.text, raw: !piece.quoted })),
      true,
    )
    const whole = new RegExp(`^${source}$`)
    const hidden = shell.shopt.has('dotglob') || text.startsWith('.')
    found = found.flatMap(base =>
      names(shell, base === '' ? '.' : base)
        .filter(name => whole.test(name) && (hidden || !name.startsWith('.')))
        .map(name => join(base, name)),
    )
  }
  return found.filter(path => path !== '')
}

function names(shell: Shell, path: string): string[] {
  try {
    return shell.host.vfs.readDir(path, shell.cwd)
  } catch (error) {
    if (error instanceof FsError) return []
    throw error
  }
}

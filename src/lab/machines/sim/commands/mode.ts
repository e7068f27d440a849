/** Applies an octal or symbolic mode (`0600`, `u+x,go-w`) to permission bits; undefined when it is none. */
export function applyMode(mode: string, before: number, isDir: boolean): number | undefined {
  if (/^[0-7]{1,5}$/.test(mode)) return Number.parseInt(mode, 8)
  let bits = before
  for (const clause of mode.split(',')) {
    const found = /^([ugoa]*)([-+=])([rwxXst]*)$/.exec(clause)
    if (!found) return undefined
    const [, who = '', operator, letters = ''] = found
    const groups = who === '' || who.includes('a') ? 'ugo' : who
    let mask = 0
    let change = 0
    for (const [letter, shift] of [
      ['u', 6],
      ['g', 3],
      ['o', 0],
    ] as const) {
      if (!groups.includes(letter)) continue
      mask |= 7 << shift
      if (letters.includes('r')) change |= 4 << shift
      if (letters.includes('w')) change |= 2 << shift
      if (letters.includes('x') || (letters.includes('X') && (isDir || (before & 0o111) !== 0)))
        change |= 1 << shift
    }
    if (letters.includes('t')) change |= 0o1000
    if (letters.includes('s'))
      change |= (groups.includes('u') ? 0o4000 : 0) | (groups.includes('g') ? 0o2000 : 0)
    if (operator === '+') bits |= change
    else if (operator === '-') bits &= ~change
    else bits = (bits & ~mask) | change
  }
  return bits
}

const letters = ['---', '--x', '-w-', '-wx', 'r--', 'r-x', 'rw-', 'rwx']

/** `drwxr-xr-x`. */
export function modeText(kind: string, mode: number): string {
  const first = { dir: 'd', symlink: 'l', char: 'c', block: 'b' }[kind] ?? '-'
  const parts = [letters[(mode >> 6) & 7], letters[(mode >> 3) & 7], letters[mode & 7]].join('').split('')
  if (mode & 0o1000) parts[8] = parts[8] === 'x' ? 't' : 'T'
  if (mode & 0o4000) parts[2] = parts[2] === 'x' ? 's' : 'S'
  if (mode & 0o2000) parts[5] = parts[5] === 'x' ? 's' : 'S'
  return first + parts.join('')
}

import { FsError } from '../fs/errno.ts'
import { posixRegex } from '../shell/expand.ts'
import type { Program } from '../shell/host.ts'
import { parseArguments } from './arguments.ts'
import { linesOf, readOperand } from './input.ts'

/** A basic regular expression in the words of JavaScript: `\(`, `\{`, `\+` are special, `(`, `{`, `+` are not. */
export function basicRegex(source: string): string {
  return posixRegex(source).replace(
    /\\([(){}+?|<>])|([(){}+?|])|\\([\s\S])/g,
    (whole, special?: string, plain?: string, other?: string) => {
      if (special === '<' || special === '>') return '\\b'
      if (special) return special
      if (plain) return `\\${plain}`
      return other ? whole : ''
    },
  )
}

export function extendedRegex(source: string): string {
  return posixRegex(source).replace(/\\[<>]/g, '\\b')
}

const grep: Program = async call => {
  const parsed = parseArguments(call.args, [
    'e',
    'f',
    'm',
    'A',
    'B',
    'C',
    'regexp',
    'include',
    'exclude',
    'color',
    'max-count',
    'label',
  ])
  const { flags, values } = parsed
  const rest = [...parsed.rest]
  const patterns = [...parsed.all('e'), ...parsed.all('regexp')]
  if (values.has('f')) patterns.push(...linesOf(call.host.vfs.readFile(values.get('f') as string, call.cwd)))
  if (patterns.length === 0) {
    const first = rest.shift()
    if (first === undefined) {
      await call.err("Usage: grep [OPTION]... PATTERNS [FILE]...\nTry 'grep --help' for more information.\n")
      return 2
    }
    patterns.push(...first.split('\n'))
  }
  const fixed = flags.has('F') || flags.has('fixed-strings') || call.name === 'fgrep'
  const extended = flags.has('E') || flags.has('P') || flags.has('extended-regexp') || call.name === 'egrep'
  let source = patterns
    .map(pattern =>
      fixed
        ? pattern.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
        : extended
          ? extendedRegex(pattern)
          : basicRegex(pattern),
    )
    .join('|')
  if (flags.has('w')) source = `\\b(?:${source})\\b`
  if (flags.has('x')) source = `^(?:${source})$`
  const expression = new RegExp(source, flags.has('i') ? 'gi' : 'g')
  const recursive = flags.has('r') || flags.has('R')
  const paths =
    rest.length > 0 ? rest.flatMap(path => (recursive ? under(path) : [path])) : [recursive ? '.' : '-']
  function under(path: string): string[] {
    const found = call.host.vfs.look(path, call.cwd)
    if (found?.node.kind !== 'dir') return [path]
    return call.host.vfs.readDir(path, call.cwd).flatMap(name => under(`${path.replace(/\/$/, '')}/${name}`))
  }
  const named = (paths.length > 1 || flags.has('H') || recursive) && !flags.has('h')
  const limit = Number(values.get('m') ?? values.get('max-count') ?? Number.POSITIVE_INFINITY)
  const before = Number(values.get('B') ?? values.get('C') ?? 0)
  const after = Number(values.get('A') ?? values.get('C') ?? 0)
  const quiet = flags.has('q') || flags.has('quiet') || flags.has('silent')
  let hitAny = false
  let failed = false
  for (const path of paths) {
    let data: Buffer
    try {
      data = await readOperand(call, path)
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      if (!flags.has('s')) await call.err(`grep: ${path}: ${error.message}\n`)
      failed = true
      continue
    }
    const label = path === '-' ? '(standard input)' : path
    const lines = linesOf(data)
    let count = 0
    let printedTo = -1
    for (const [index, line] of lines.entries()) {
      if (count >= limit) break
      expression.lastIndex = 0
      if (expression.test(line) === flags.has('v')) continue
      count += 1
      hitAny = true
      if (quiet) return 0
      if (flags.has('c') || flags.has('l') || flags.has('L')) continue
      const prefix = (at: number, sign: string) =>
        (named ? label + sign : '') + (flags.has('n') ? at + 1 + sign : '')
      if (flags.has('o')) {
        for (const found of line.matchAll(expression))
          if (found[0] !== '') await call.out(`${prefix(index, ':')}${found[0]}\n`)
        continue
      }
      const from = Math.max(printedTo + 1, index - before)
      for (let at = from; at <= Math.min(lines.length - 1, index + after); at += 1) {
        if (at > index) {
          expression.lastIndex = 0
          if (expression.test(lines[at] as string) !== flags.has('v')) break
        }
        await call.out(`${prefix(at, at === index ? ':' : '-')}${lines[at]}\n`)
        printedTo = at
      }
    }
    if (flags.has('c')) await call.out(`${named ? `${label}:` : ''}${count}\n`)
    if ((flags.has('l') && count > 0) || (flags.has('L') && count === 0)) await call.out(`${label}\n`)
  }
  return hitAny ? 0 : failed ? 2 : 1
}

/** grep and its two old names. */
export const greps: Record<string, Program> = { grep, egrep: grep, fgrep: grep, zgrep: grep }

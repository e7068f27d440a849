import { bytesOf, entriesOf } from '../fs/node.ts'
import type { Shell } from './shell.ts'

export function isUnary(operator: string): boolean {
  return /^-[abcdefghknoprstuvwxzLNOGRS]$/.test(operator)
}

export function isBinary(operator: string): boolean {
  return ['=', '==', '!=', '<', '>', '-eq', '-ne', '-lt', '-le', '-gt', '-ge', '-nt', '-ot', '-ef'].includes(
    operator,
  )
}

/** `-f path`, `-z text` … */
export function unaryTest(shell: Shell, operator: string, operand: string): boolean {
  const { vfs } = shell.host
  const followed = operand === '' ? undefined : vfs.look(operand, shell.cwd)?.node
  switch (operator) {
    case '-z':
      return operand === ''
    case '-n':
      return operand !== ''
    case '-e':
    case '-a':
      return followed !== undefined
    case '-f':
      return followed?.kind === 'file'
    case '-d':
      return followed?.kind === 'dir'
    case '-b':
      return followed?.kind === 'block'
    case '-c':
      return followed?.kind === 'char'
    case '-L':
    case '-h':
      return operand !== '' && vfs.look(operand, shell.cwd, false)?.node.kind === 'symlink'
    case '-s':
      if (!followed) return false
      return followed.kind === 'dir' ? entriesOf(followed).size >= 0 : bytesOf(followed).length > 0
    case '-r':
    case '-w':
    case '-O':
    case '-G':
    case '-N':
      return followed !== undefined
    case '-x':
      return followed !== undefined && (followed.kind === 'dir' || (followed.mode & 0o111) !== 0)
    case '-u':
      return ((followed?.mode ?? 0) & 0o4000) !== 0
    case '-g':
      return ((followed?.mode ?? 0) & 0o2000) !== 0
    case '-k':
      return ((followed?.mode ?? 0) & 0o1000) !== 0
    case '-t':
      return shell.fds.get(Number(operand))?.channel.isTty ?? false
    case '-v':
      return shell.vars.find(operand)?.isSet ?? false
    case '-o':
      return shell.options.has(operand)
    default:
      return false
  }
}

/** `a = b`, `1 -lt 2`, `x -nt y`. Text says what is wrong with the operands. */
export function binaryTest(shell: Shell, left: string, operator: string, right: string): boolean | string {
  if (/^-(eq|ne|lt|le|gt|ge)$/.test(operator)) {
    for (const side of [left, right])
      if (!/^\s*[-+]?\d+\s*$/.test(side)) return `${side}: integer expression expected`
    const [a, b] = [BigInt(left.trim()), BigInt(right.trim())]
    return (
      { '-eq': a === b, '-ne': a !== b, '-lt': a < b, '-le': a <= b, '-gt': a > b, '-ge': a >= b }[
        operator
      ] ?? false
    )
  }
  const { vfs } = shell.host
  const [a, b] = [vfs.look(left, shell.cwd)?.node, vfs.look(right, shell.cwd)?.node]
  switch (operator) {
    case '=':
    case '==':
      return left === right
    case '!=':
      return left !== right
    case '<':
      return left < right
    case '>':
      return left > right
    case '-nt':
      return a !== undefined && (b === undefined || a.mtimeMs > b.mtimeMs)
    case '-ot':
      return b !== undefined && (a === undefined || a.mtimeMs < b.mtimeMs)
    case '-ef':
      return a !== undefined && a === b
    default:
      return `${operator}: binary operator expected`
  }
}

/** `test` with its arguments. A text is an error (status 2). */
export function testArguments(shell: Shell, words: readonly string[]): boolean | string {
  let at = 0
  const or = (): boolean | string => {
    let result = and()
    while (words[at] === '-o' && typeof result !== 'string') {
      at += 1
      const right = and()
      if (typeof right === 'string') return right
      result = result || right
    }
    return result
  }
  const and = (): boolean | string => {
    let result = not()
    while (words[at] === '-a' && typeof result !== 'string') {
      at += 1
      const right = not()
      if (typeof right === 'string') return right
      result = result && right
    }
    return result
  }
  const not = (): boolean | string => {
    if (words[at] !== '!' || at + 1 >= words.length) return primary()
    at += 1
    const result = not()
    return typeof result === 'string' ? result : !result
  }
  const primary = (): boolean | string => {
    const [first, second, third] = words.slice(at)
    if (first === undefined) return 'argument expected'
    if (second !== undefined && third !== undefined && isBinary(second)) {
      at += 3
      return binaryTest(shell, first, second, third)
    }
    if (first === '(') {
      at += 1
      const inner = or()
      if (words[at] !== ')') return "`)' expected"
      at += 1
      return inner
    }
    if (second !== undefined && isUnary(first)) {
      at += 2
      return unaryTest(shell, first, second)
    }
    at += 1
    return first !== ''
  }
  if (words.length === 0) return false
  const result = or()
  if (typeof result !== 'string' && at < words.length) {
    if (words.length === 2) return `${words[0]}: unary operator expected`
    if (words.length === 3) return `${words[1]}: binary operator expected`
    return 'too many arguments'
  }
  return result
}

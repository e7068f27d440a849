import { escapes } from '../shell/builtins/echo.ts'
import { format } from '../shell/builtins/printf.ts'
import type { Program } from '../shell/host.ts'
import { parseArguments } from './arguments.ts'
import { extendedRegex } from './grep.ts'
import { linesOf, readOperands } from './input.ts'

type Rule = { pattern: string; action: string }
type Line = { whole: string; fields: string[]; number: number; last: boolean; variables: Map<string, string> }

/** `pattern { action }` pairs; a missing action prints. */
function rules(program: string): Rule[] {
  const found: Rule[] = []
  const pattern = /\s*(\/(?:\\.|[^/])*\/[^{]*|[^{;]*)(?:\{([^}]*)\})?\s*;?/y
  while (pattern.lastIndex < program.length) {
    const match = pattern.exec(program)
    if (!match || match[0] === '') break
    if (match[0].trim() !== '') found.push({ pattern: (match[1] ?? '').trim(), action: match[2] ?? 'print' })
  }
  return found
}

/** Splits at a separator that is outside of quotes, slashes and parentheses. */
function split(text: string, separator: RegExp): string[] {
  return text.split(new RegExp(`${separator.source}(?=(?:[^"]*"[^"]*")*[^"]*$)`)).map(part => part.trim())
}

function value(expression: string, line: Line): string {
  const text = expression.trim()
  const literal = /^"((?:\\.|[^"\\])*)"$/.exec(text)
  if (literal) return escapes(literal[1] as string).text
  if (/^-?\d+(\.\d+)?$/.test(text)) return text
  if (text === 'NR') return String(line.number)
  if (text === 'NF') return String(line.fields.length)
  const field = /^\$(\d+|NF|\w+)$/.exec(text)
  if (field) {
    const index =
      field[1] === 'NF'
        ? line.fields.length
        : Number(/^\d+$/.test(field[1] as string) ? field[1] : line.variables.get(field[1] as string))
    return index === 0 ? line.whole : (line.fields[index - 1] ?? '')
  }
  const sum = /^(.+?)\s*([-+*/%])\s*([^-+*/%]+)$/.exec(text)
  if (sum && !text.includes('"')) {
    const [a, b] = [Number(value(sum[1] as string, line)) || 0, Number(value(sum[3] as string, line)) || 0]
    return String({ '+': a + b, '-': a - b, '*': a * b, '/': a / b, '%': a % b }[sum[2] as '+'])
  }
  const parts = text.match(/"(?:\\.|[^"\\])*"|\$?\w+/g) ?? []
  if (parts.length > 1) return parts.map(part => value(part, line)).join('')
  return line.variables.get(text) ?? ''
}

function holds(pattern: string, line: Line): boolean {
  if (pattern === '') return true
  const either = split(pattern, /\|\|/)
  if (either.length > 1) return either.some(part => holds(part, line))
  const both = split(pattern, /&&/)
  if (both.length > 1) return both.every(part => holds(part, line))
  if (pattern.startsWith('!')) return !holds(pattern.slice(1).trim(), line)
  const regex = /^\/(.*)\/$/.exec(pattern)
  if (regex) return new RegExp(extendedRegex(regex[1] as string)).test(line.whole)
  const match = /^(.+?)\s*(!?~)\s*\/(.*)\/$/.exec(pattern)
  if (match)
    return (
      new RegExp(extendedRegex(match[3] as string)).test(value(match[1] as string, line)) ===
      (match[2] === '~')
    )
  const comparison = /^(.+?)\s*(==|!=|<=|>=|<|>)\s*(.+)$/.exec(pattern)
  if (!comparison) return !['', '0'].includes(value(pattern, line))
  const [a, b] = [value(comparison[1] as string, line), value(comparison[3] as string, line)]
  const order =
    a !== '' && b !== '' && !Number.isNaN(Number(a) + Number(b))
      ? Number(a) - Number(b)
      : a < b
        ? -1
        : a > b
          ? 1
          : 0
  return (
    {
      '==': order === 0,
      '!=': order !== 0,
      '<': order < 0,
      '>': order > 0,
      '<=': order <= 0,
      '>=': order >= 0,
    }[comparison[2] as '=='] ?? false
  )
}

/** Runs an action's statements; gives what it prints and whether it said `exit`. */
function act(action: string, line: Line): { text: string; exit: number | undefined; next: boolean } {
  let text = ''
  for (const statement of split(action, /;|\n/)) {
    const print = /^(printf|print)\b\s*(.*)$/s.exec(statement)
    const leave = /^exit\b\s*(\d*)$/.exec(statement)
    const assign = /^(\w+)\s*(\+?=)\s*(.+)$/.exec(statement)
    const count = /^(\w+)\+\+$/.exec(statement)
    if (leave) return { text, exit: Number(leave[1] || 0), next: false }
    if (statement === 'next') return { text, exit: undefined, next: true }
    if (print) {
      const words = split((print[2] as string).replace(/^\((.*)\)$/s, '$1'), /,/)
        .filter(Boolean)
        .map(part => value(part, line))
      text +=
        print[1] === 'printf'
          ? format(words[0] ?? '', words.slice(1), 0).text
          : `${words.length === 0 ? line.whole : words.join(' ')}\n`
    } else if (assign) {
      const [name, operator, right] = assign.slice(1) as [string, string, string]
      const result = value(right, line)
      line.variables.set(
        name,
        operator === '=' ? result : String((Number(line.variables.get(name)) || 0) + (Number(result) || 0)),
      )
    } else if (count)
      line.variables.set(
        count[1] as string,
        String((Number(line.variables.get(count[1] as string)) || 0) + 1),
      )
  }
  return { text, exit: undefined, next: false }
}

/** awk for one-liners: fields, patterns, comparisons, print and printf, sums; no loops, functions or arrays. */
const awk: Program = async call => {
  const { values, all, rest } = parseArguments(call.args, ['F', 'v', 'f'], [], true)
  const [program = '', ...paths] = rest
  const separator = values.get('F')
  const variables = new Map(
    all('v').map(pair => [pair.slice(0, pair.indexOf('=')), pair.slice(pair.indexOf('=') + 1)]),
  )
  const parsed = rules(program)
  const { texts, status } = parsed.every(rule => rule.pattern === 'BEGIN')
    ? { texts: [], status: 0 }
    : await readOperands(call, paths)
  const lines = texts.flatMap(({ data }) => linesOf(data))
  const edge = (when: string) =>
    parsed
      .filter(rule => rule.pattern === when)
      .map(
        rule => act(rule.action, { whole: '', fields: [], number: lines.length, last: true, variables }).text,
      )
      .join('')
  await call.out(edge('BEGIN'))
  for (const [index, whole] of lines.entries()) {
    const fields =
      separator === undefined || separator === ' '
        ? whole.trim().split(/\s+/)
        : whole.split(separator.length === 1 ? separator : new RegExp(separator))
    const line: Line = {
      whole,
      fields: whole === '' ? [] : fields,
      number: index + 1,
      last: index === lines.length - 1,
      variables,
    }
    for (const rule of parsed) {
      if (rule.pattern === 'BEGIN' || rule.pattern === 'END' || !holds(rule.pattern, line)) continue
      const { text, exit, next } = act(rule.action, line)
      await call.out(text)
      if (exit !== undefined) return exit
      if (next) break
    }
  }
  await call.out(edge('END'))
  return status
}

/** awk and the names it has. */
export const awks: Record<string, Program> = { awk, mawk: awk }

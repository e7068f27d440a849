import type { ParameterExpansionPart } from 'unbash'
import { parseArithmetic } from './arithmetic.ts'
import { type Expanded, evaluateArithmetic, expandPattern, expandText } from './expand.ts'
import { removeMatch } from './pattern.ts'
import { type Shell, ShellError } from './shell.ts'

/** Parameters that the shell itself keeps. */
function special(shell: Shell, name: string): string | undefined {
  switch (name) {
    case '?':
      return String(shell.status)
    case '#':
      return String(shell.params.length)
    case '$':
      return String(shell.process.pid)
    case '!':
      return shell.lastBackground === undefined ? undefined : String(shell.lastBackground)
    case '0':
      return shell.name
    case '-':
      return [...shell.options].filter(option => option.length === 1).join('')
    case '_':
      return shell.lastArgument
    case 'LINENO':
      return String(shell.line)
    case 'BASHPID':
      return String(shell.process.pid)
    case 'PPID':
      return String(shell.process.ppid)
    case 'BASH_COMMAND':
      return shell.command
    case 'BASH_SUBSHELL':
      return String(shell.subshellDepth)
    case 'SECONDS':
      return String(Math.floor((shell.host.clock.now() - shell.startedMs) / 1000))
    case 'EPOCHSECONDS':
      return String(Math.floor(shell.host.clock.now() / 1000))
    case 'EPOCHREALTIME':
      return (shell.host.clock.now() / 1000).toFixed(6)
    case 'RANDOM':
      return String(Math.floor(shell.host.clock.now() * 7919) % 32768)
    case 'UID':
    case 'EUID':
      return '0'
    case 'HOSTNAME':
      return shell.host.hostname()
    case 'BASH':
      return '/usr/bin/bash'
    case 'BASH_VERSION':
      return '5.2.21(1)-release'
    case 'OSTYPE':
      return 'linux-gnu'
    default:
      return /^\d+$/.test(name) ? shell.params[Number(name) - 1] : undefined
  }
}

function arrayOf(shell: Shell, name: string): string[] | undefined {
  if (name === 'PIPESTATUS') return shell.pipeStatus.map(String)
  if (name === 'FUNCNAME') return [...shell.calls.map(call => call.name)].reverse()
  if (name === 'BASH_LINENO') return [...shell.calls.map(call => String(call.line))].reverse()
  if (name === 'BASH_SOURCE') return [shell.name, ...shell.calls.map(() => shell.name)]
  return undefined
}

function scalar(shell: Shell, name: string): string | undefined {
  return shell.vars.get(name) ?? special(shell, name) ?? arrayOf(shell, name)?.[0]
}

function unbound(shell: Shell, name: string): void {
  if (shell.options.has('u') && name !== '@' && name !== '*') {
    throw new ShellError(`${/^\d+$/.test(name) ? `$${name}` : name}: unbound variable`, {
      fatal: true,
      status: shell.commandString ? 127 : 1,
    })
  }
}

function positional(shell: Shell, star: boolean, quoted: boolean, values: string[]): Expanded {
  if (star && quoted) {
    const ifs = shell.vars.find('IFS')?.isSet ? (shell.vars.get('IFS') ?? '') : ' '
    return { fields: [values.join(ifs.slice(0, 1))], list: false }
  }
  return { fields: values, list: true }
}

/** `$name`, `$1`, `$?`, `$@` … */
export function simpleParameter(shell: Shell, name: string, quoted: boolean): Expanded {
  if (name === '@' || name === '*') return positional(shell, name === '*', quoted, shell.params)
  const value = scalar(shell, name)
  if (value === undefined) unbound(shell, name)
  return { fields: value === undefined ? [''] : [value], list: false }
}

/** `${…}` in all its forms. @throws ShellError, e.g. `x: unbound variable`. */
export async function parameter(
  shell: Shell,
  part: ParameterExpansionPart,
  quoted: boolean,
): Promise<Expanded> {
  let name = part.parameter
  const operation = part.operation
  if (operation?.type === 'Unknown') throw new ShellError(`${part.text}: bad substitution`, { fatal: true })
  if (operation?.type === 'Names') {
    const names = [...new Set(shell.vars.scopes.flatMap(scope => [...scope.keys()]))]
    return { fields: names.filter(found => found.startsWith(name)).sort(), list: true }
  }
  let index = part.index ? await expandText(shell, part.index) : undefined
  if (part.prefix === '!' && (index === '@' || index === '*')) {
    return positional(shell, index === '*', quoted, shell.vars.keys(name))
  }
  if (part.prefix === '!') {
    const target = scalar(shell, name) ?? ''
    const element = /^(\w+)\[(.*)\]$/.exec(target)
    name = element?.[1] ?? target
    index = element?.[2] ?? index
  }
  const many = index === '@' || index === '*' || ((name === '@' || name === '*') && index === undefined)
  const values = many ? allValues(shell, name) : await oneValue(shell, name, index)
  if (part.prefix === '#') {
    if (many) return { fields: [String(values.length)], list: false }
    if (values.length === 0) unbound(shell, name)
    return { fields: [String([...(values[0] ?? '')].length)], list: false }
  }
  const result = await operate(shell, part, name, values, many, index)
  if (result.list) return positional(shell, index === '*' || name === '*', quoted, result.fields)
  return result
}

function allValues(shell: Shell, name: string): string[] {
  if (name === '@' || name === '*') return shell.params
  return arrayOf(shell, name) ?? shell.vars.keys(name).map(key => shell.vars.find(name)?.items.get(key) ?? '')
}

async function oneValue(shell: Shell, name: string, index: string | undefined): Promise<string[]> {
  if (index === undefined) {
    const value = scalar(shell, name)
    return value === undefined ? [] : [value]
  }
  const value =
    arrayOf(shell, name)?.[Number(index)] ?? shell.vars.find(name)?.items.get(await keyOf(shell, name, index))
  return value === undefined ? [] : [value]
}

/** The key that a subscript means: arithmetic for indexed arrays, text for associative ones. */
export async function keyOf(shell: Shell, name: string, index: string): Promise<string> {
  const variable = shell.vars.find(name)
  if (variable?.kind === 'assoc') return index
  const number = await evaluateArithmetic(shell, parseArithmetic(index))
  if (number >= 0n) return String(number)
  const last = Number(shell.vars.keys(name).at(-1) ?? -1)
  return String(BigInt(last + 1) + number)
}

async function operate(
  shell: Shell,
  part: ParameterExpansionPart,
  name: string,
  values: string[],
  many: boolean,
  index: string | undefined,
): Promise<Expanded> {
  const operation = part.operation
  const missing = values.length === 0
  if (!operation) {
    if (missing && !many) unbound(shell, name)
    return many ? { fields: values, list: true } : { fields: [values[0] ?? ''], list: false }
  }
  if (operation.type === 'Default') {
    const empty = operation.operator.startsWith(':') && values.every(value => value === '')
    const absent = missing || empty
    const sign = operation.operator.at(-1)
    if (sign === '+')
      return { fields: [absent ? '' : await expandText(shell, operation.operand)], list: false }
    if (!absent) return { fields: values, list: many }
    const text = await expandText(shell, operation.operand)
    if (sign === '?') {
      const words =
        operation.operand.text === '' ? (empty ? 'parameter null or not set' : 'parameter not set') : text
      throw new ShellError(`${name}: ${words}`, { status: 127, fatal: true })
    }
    if (sign === '=') shell.vars.set(name, text, index === undefined ? '0' : await keyOf(shell, name, index))
    return { fields: [text], list: false }
  }
  if (missing && !many) unbound(shell, name)
  const each = async (change: (value: string) => string | Promise<string>): Promise<Expanded> => ({
    fields: await Promise.all((many ? values : [values[0] ?? '']).map(async value => change(value))),
    list: many,
  })
  switch (operation.type) {
    case 'Remove': {
      const source = await expandPattern(shell, operation.operand)
      return each(value => removeMatch(value, source, operation.operator))
    }
    case 'Replace': {
      const source = await expandPattern(shell, operation.pattern)
      const replacement = await expandText(shell, operation.replacement)
      const anchored =
        operation.operator === '/#'
          ? `^(?:${source})`
          : operation.operator === '/%'
            ? `(?:${source})$`
            : source
      if (source === '' && /^\/\/?$/.test(operation.operator)) return each(value => value)
      const pattern = new RegExp(anchored, operation.operator === '//' ? 'g' : '')
      return each(value => value.replace(pattern, () => replacement))
    }
    case 'Slice': {
      const number = async (text: string) => Number(await evaluateArithmetic(shell, parseArithmetic(text)))
      const offset = await number(await expandText(shell, operation.offset))
      const length =
        operation.length === undefined ? undefined : await number(await expandText(shell, operation.length))
      if (many) {
        const list = name === '@' || name === '*' ? [shell.name, ...values] : values
        const start = offset < 0 ? list.length + offset : offset
        return { fields: list.slice(start, length === undefined ? undefined : start + length), list: true }
      }
      return each(value => {
        const start = offset < 0 ? Math.max(0, value.length + offset) : offset
        if (length === undefined) return value.slice(start)
        return length < 0 ? value.slice(start, value.length + length) : value.slice(start, start + length)
      })
    }
    case 'CaseModification': {
      const [first] = operation.operator
      const change = (text: string) => (first === '^' ? text.toUpperCase() : text.toLowerCase())
      if (operation.operator.length === 2) return each(change)
      return each(value => change(value.slice(0, 1)) + value.slice(1))
    }
    case 'Transform': {
      const kind = operation.operand.value
      if (kind === 'Q') return each(value => `'${value.replace(/'/g, `'\\''`)}'`)
      if (kind === 'U') return each(value => value.toUpperCase())
      if (kind === 'L') return each(value => value.toLowerCase())
      return each(value => value)
    }
    default:
      throw new ShellError(`${part.text}: bad substitution`, { fatal: true })
  }
}

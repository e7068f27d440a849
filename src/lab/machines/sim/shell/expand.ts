import { type ArithmeticExpression, parse, type Word, type WordPart } from 'unbash'
import { ArithmeticError, arithmetic } from './arithmetic.ts'
import { braceExpand } from './braces.ts'
import { processSubstitution, substitute } from './evaluate.ts'
import { globPaths } from './glob.ts'
import { parameter, simpleParameter } from './parameter.ts'
import { type PatternPiece, patternSource } from './pattern.ts'
import { type Shell, ShellError } from './shell.ts'

/** A piece of a field under construction: literal text, or text whose wildcards count. */
export type Segment = { text: string; quoted: boolean }
export type Field = Segment[]

/** What a part of a word gives: text in one piece, or several fields (`"$@"`, arrays). */
export type Expanded = { fields: string[]; list: boolean }

type Builder = { fields: Field[]; open: boolean }

function append(builder: Builder, segment: Segment): void {
  if (!builder.open) {
    builder.fields.push([])
    builder.open = true
  }
  builder.fields.at(-1)?.push(segment)
}

/** IFS splitting of the result of an unquoted expansion into the fields under construction. */
function split(shell: Shell, builder: Builder, text: string): void {
  const ifs = shell.vars.find('IFS')?.isSet ? (shell.vars.get('IFS') ?? '') : ' \t\n'
  let current = ''
  const isSpace = (char: string) => ifs.includes(char) && ' \t\n'.includes(char)
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string
    if (!ifs.includes(char)) {
      current += char
      continue
    }
    let hard = !isSpace(char)
    while (at + 1 < text.length && ifs.includes(text[at + 1] as string)) {
      if (!isSpace(text[at + 1] as string)) {
        if (hard) break
        hard = true
      }
      at += 1
    }
    if (current !== '' || hard) append(builder, { text: current, quoted: false })
    current = ''
    builder.open = false
  }
  if (current !== '') append(builder, { text: current, quoted: false })
}

async function expandPart(shell: Shell, part: WordPart, quoted: boolean): Promise<Expanded> {
  switch (part.type) {
    case 'SimpleExpansion':
      return simpleParameter(shell, part.text.slice(1), quoted)
    case 'ParameterExpansion':
      return parameter(shell, part, quoted)
    case 'CommandExpansion':
      return { fields: [await substitute(shell, part.script)], list: false }
    case 'ArithmeticExpansion':
      return { fields: [String(await evaluateArithmetic(shell, part.expression))], list: false }
    case 'ProcessSubstitution':
      return { fields: [processSubstitution(shell, part.operator, part.script)], list: false }
    case 'DoubleQuoted':
    case 'LocaleString': {
      let text = ''
      for (const inner of part.parts) text += (await expandPart(shell, inner, true)).fields.join(' ')
      return { fields: [text], list: false }
    }
    default:
      return { fields: ['value' in part ? part.value : part.text], list: false }
  }
}

async function buildQuoted(shell: Shell, builder: Builder, parts: readonly WordPart[]): Promise<void> {
  let emptyList = false
  let any = false
  for (const part of parts) {
    const { fields, list } = await expandPart(shell, part, true)
    if (list && fields.length === 0) {
      emptyList = true
      continue
    }
    any = true
    for (const [index, text] of fields.entries()) {
      if (index > 0) builder.open = false
      append(builder, { text, quoted: true })
    }
  }
  if (!any && !emptyList) append(builder, { text: '', quoted: true })
}

const quotedParts = new Set(['SingleQuoted', 'AnsiCQuoted', 'Literal'])

async function build(shell: Shell, word: Word, splitting: boolean): Promise<Field[]> {
  const builder: Builder = { fields: [], open: false }
  const parts = word.parts
  if (!parts) {
    append(builder, { text: tilde(shell, word.text, word.value), quoted: true })
    return builder.fields
  }
  for (const [index, part] of parts.entries()) {
    if (part.type === 'DoubleQuoted' || part.type === 'LocaleString') {
      await buildQuoted(shell, builder, part.parts)
    } else if (quotedParts.has(part.type)) {
      const value = 'value' in part ? part.value : part.text
      const text = index === 0 && part.type === 'Literal' ? tilde(shell, part.text, value) : value
      append(builder, { text, quoted: true })
    } else if (part.type === 'Glob' || part.type === 'ExtendedGlob') {
      append(builder, { text: part.text, quoted: false })
    } else if (part.type === 'BraceExpansion') append(builder, { text: part.text, quoted: true })
    else {
      const { fields, list } = await expandPart(shell, part, false)
      for (const [nth, text] of fields.entries()) {
        if (nth > 0 && list) builder.open = false
        if (splitting) split(shell, builder, text)
        else append(builder, { text, quoted: false })
      }
    }
  }
  return builder.fields
}

function tilde(shell: Shell, text: string, value: string): string {
  if (!text.startsWith('~')) return value
  const found = /^~(\+|[a-z_][\w-]*)?(?=\/|$)/.exec(value)
  if (!found) return value
  const home =
    found[1] === '+'
      ? shell.cwd
      : found[1] && found[1] !== 'root'
        ? `/home/${found[1]}`
        : (shell.vars.get('HOME') ?? '/root')
  return home + value.slice(found[0].length)
}

/** Words as arguments: braces, expansions, splitting, pathnames, quote removal. */
export async function expandWords(shell: Shell, words: readonly Word[]): Promise<string[]> {
  const result: string[] = []
  for (const word of words) {
    const hasBraces = word.parts?.some(part => part.type === 'BraceExpansion') ?? false
    for (const one of hasBraces ? braceWords(word) : [word]) {
      for (const field of await build(shell, one, true)) {
        const paths = field.some(piece => !piece.quoted && /[*?[(]/.test(piece.text))
          ? globPaths(shell, field)
          : []
        if (paths.length > 0) result.push(...paths)
        else if (
          !(shell.shopt.has('nullglob') && field.some(piece => !piece.quoted && /[*?[]/.test(piece.text)))
        ) {
          result.push(field.map(piece => piece.text).join(''))
        }
      }
    }
  }
  return result
}

function braceWords(word: Word): Word[] {
  return braceExpand(word.text).flatMap(text => {
    const command = parse(`: ${text}`).commands[0]?.command
    return command?.type === 'Command' ? command.args.filter(argument => argument.type === 'Word') : []
  })
}

/** A word where no splitting happens: assignments, case subjects, here strings, redirection targets. */
export async function expandText(shell: Shell, word: Word | undefined): Promise<string> {
  if (!word) return ''
  const fields = await build(shell, word, false)
  return fields.map(field => field.map(piece => piece.text).join('')).join(' ')
}

/** A word as a pattern: the source of a regular expression, quoted parts standing for themselves. */
export async function expandPattern(shell: Shell, word: Word | undefined): Promise<string> {
  if (!word) return ''
  const pieces: PatternPiece[] = (await build(shell, word, false))
    .flat()
    .map(piece => ({ text: piece.text, raw: !piece.quoted }))
  return patternSource(pieces)
}

/** The right side of `=~`: quoted parts are literal, everything else is the regular expression. */
export async function expandRegex(shell: Shell, word: Word): Promise<string> {
  if (!word.parts) return posixRegex(word.value)
  let source = ''
  for (const part of word.parts) {
    const text = (await expandPart(shell, part, true)).fields.join(' ')
    const literal =
      part.type === 'SingleQuoted' || part.type === 'DoubleQuoted' || part.type === 'AnsiCQuoted'
    source += literal
      ? text.replace(/[.*+?^${}()|[\]\\]/g, '\\$&')
      : part.type === 'Literal'
        ? part.text
        : text
  }
  return posixRegex(source)
}

/** POSIX classes in the words of JavaScript. */
export function posixRegex(source: string): string {
  const classes: Record<string, string> = {
    alnum: 'A-Za-z0-9',
    alpha: 'A-Za-z',
    digit: '0-9',
    lower: 'a-z',
    upper: 'A-Z',
    space: '\\s',
    blank: ' \\t',
    xdigit: '0-9A-Fa-f',
    punct: '!-\\/:-@\\[-`{-~',
  }
  return source.replace(/\[:(\w+):\]/g, (whole, name: string) => classes[name] ?? whole)
}

/** The body of a here-document. */
export async function expandParts(shell: Shell, parts: readonly WordPart[]): Promise<string> {
  let text = ''
  for (const part of parts) text += (await expandPart(shell, part, true)).fields.join(' ')
  return text
}

/** `$(( ))` and friends over the variables of the shell. */
export async function evaluateArithmetic(
  shell: Shell,
  node: ArithmeticExpression | undefined,
): Promise<bigint> {
  try {
    return await arithmetic(node, {
      get: (name, index) => {
        const value = index === undefined ? shell.vars.get(name) : shell.vars.find(name)?.items.get(index)
        if (value === undefined && index === undefined && shell.options.has('u') && /^[A-Za-z_]/.test(name)) {
          throw new ShellError(`${name}: unbound variable`, {
            status: shell.commandString ? 127 : 1,
            fatal: true,
          })
        }
        return value
      },
      set: (name, value, index) => shell.vars.set(name, value, index),
      expand: async inner => {
        if (inner.type === 'ArithmeticCommandExpansion') return substitute(shell, inner.script)
        if (inner.type !== 'ArithmeticWord') return ''
        return inner.parts ? expandParts(shell, inner.parts) : inner.value
      },
    })
  } catch (error) {
    if (error instanceof ArithmeticError) throw new ShellError(error.message, { fatal: true })
    throw error
  }
}

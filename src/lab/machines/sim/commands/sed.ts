import { FsError } from '../fs/errno.ts'
import type { Program } from '../shell/host.ts'
import { parseArguments } from './arguments.ts'
import { basicRegex, extendedRegex } from './grep.ts'
import { linesOf, readOperand } from './input.ts'

type Address = { line: number } | { last: true } | { regex: RegExp }
type Edit = {
  from?: Address
  to?: Address
  negated: boolean
  verb: string
  regex?: RegExp
  replacement?: string
  flags?: string
  text?: string
  block?: Edit[]
}

class ScriptError extends Error {}

/** Reads up to an unescaped delimiter; the delimiter's own escape is taken away. */
function delimited(script: string, at: number, delimiter: string): { text: string; next: number } {
  let text = ''
  let inBracket = false
  for (let index = at; index < script.length; index += 1) {
    const char = script[index] as string
    if (char === '\\' && index + 1 < script.length) {
      text += script[index + 1] === delimiter ? delimiter : char + script[index + 1]
      index += 1
      continue
    }
    if (char === '[') inBracket = true
    else if (char === ']') inBracket = false
    if (char === delimiter && !inBracket) return { text, next: index + 1 }
    text += char
  }
  throw new ScriptError("unterminated `s' command")
}

/** Parses the subset of sed that scripts use: addresses, s d p q i a c y = and blocks. */
function parse(script: string, extended: boolean): Edit[] {
  let at = 0
  const compile = (source: string, flags: string) =>
    new RegExp(extended ? extendedRegex(source) : basicRegex(source), flags)
  const address = (): Address | undefined => {
    const rest = script.slice(at)
    const number = /^\d+/.exec(rest)
    if (number) {
      at += number[0].length
      return { line: Number(number[0]) }
    }
    if (rest.startsWith('$')) {
      at += 1
      return { last: true }
    }
    if (rest.startsWith('/') || rest.startsWith('\\')) {
      if (rest.startsWith('\\')) at += 1
      const { text, next } = delimited(script, at + 1, script[at] as string)
      at = next
      const insensitive = script[at] === 'I'
      if (insensitive) at += 1
      return { regex: compile(text, insensitive ? 'i' : '') }
    }
    return undefined
  }
  const list = (): Edit[] => {
    const edits: Edit[] = []
    while (at < script.length) {
      if (/[\s;]/.test(script[at] as string)) {
        at += 1
        continue
      }
      if (script[at] === '}') {
        at += 1
        return edits
      }
      if (script[at] === '#') {
        while (at < script.length && script[at] !== '\n') at += 1
        continue
      }
      const edit: Edit = { negated: false, verb: '' }
      const from = address()
      if (from) edit.from = from
      if (from && script[at] === ',') {
        at += 1
        const to = address()
        if (to) edit.to = to
      }
      while (/[\s!]/.test(script[at] ?? '')) {
        if (script[at] === '!') edit.negated = true
        at += 1
      }
      edit.verb = script[at] ?? ''
      at += 1
      if (edit.verb === '{') edit.block = list()
      else if (edit.verb === 's' || edit.verb === 'y') {
        const delimiter = script[at] as string
        const pattern = delimited(script, at + 1, delimiter)
        const replacement = delimited(script, pattern.next, delimiter)
        const flags = /^[gpiIe0-9]*/.exec(script.slice(replacement.next))?.[0] ?? ''
        at = replacement.next + flags.length
        edit.regex =
          edit.verb === 's'
            ? compile(pattern.text, (flags.includes('g') ? 'g' : '') + (/i/i.test(flags) ? 'i' : ''))
            : /x/
        edit.replacement = edit.verb === 's' ? replacement.text : `${pattern.text}\0${replacement.text}`
        edit.flags = flags
      } else if ('aic'.includes(edit.verb)) {
        const end = script.indexOf('\n', script[at] === '\\' ? at + 2 : at)
        edit.text = script.slice(at, end < 0 ? undefined : end).replace(/^\\?\s*/, '')
        at = end < 0 ? script.length : end
      } else if (!'dpq=nD'.includes(edit.verb) || edit.verb === '')
        throw new ScriptError(`unknown command: \`${edit.verb}'`)
      edits.push(edit)
    }
    return edits
  }
  return list()
}

function substituteOnce(line: string, edit: Edit): { text: string; hit: boolean } {
  let hit = false
  const text = line.replace(edit.regex as RegExp, (...found: unknown[]) => {
    hit = true
    const groups = found.slice(
      0,
      found.findIndex(one => typeof one === 'number'),
    ) as (string | undefined)[]
    return (edit.replacement as string).replace(
      /\\([0-9nt&\\/])|&|\\(.)/g,
      (whole, named?: string, other?: string) => {
        if (whole === '&') return groups[0] ?? ''
        if (named === 'n') return '\n'
        if (named === 't') return '\t'
        if (named !== undefined && /\d/.test(named)) return groups[Number(named)] ?? ''
        return named ?? other ?? ''
      },
    )
  })
  return { text, hit }
}

function edited(lines: string[], edits: Edit[], silent: boolean): string[] {
  const output: string[] = []
  const active = new Set<Edit>()
  const selects = (edit: Edit, line: string, number: number): boolean => {
    const hits = (address: Address) =>
      'line' in address
        ? address.line === number
        : 'last' in address
          ? number === lines.length
          : address.regex.test(line)
    let held = true
    if (edit.from && edit.to) {
      if (active.has(edit)) {
        if (hits(edit.to) || ('line' in edit.to && number >= edit.to.line)) active.delete(edit)
      } else if (hits(edit.from)) {
        if (!('line' in edit.to && edit.to.line <= number)) active.add(edit)
      } else held = false
    } else if (edit.from) held = hits(edit.from)
    return held !== edit.negated
  }
  for (const [index, original] of lines.entries()) {
    let line = original
    let deleted = false
    let quit = false
    const after: string[] = []
    const apply = (list: Edit[]): void => {
      for (const edit of list) {
        if (deleted || !selects(edit, line, index + 1)) continue
        if (edit.block) apply(edit.block)
        else if (edit.verb === 'd' || edit.verb === 'D') deleted = true
        else if (edit.verb === 'p') output.push(line)
        else if (edit.verb === '=') output.push(String(index + 1))
        else if (edit.verb === 'q') quit = true
        else if (edit.verb === 'i') output.push(edit.text ?? '')
        else if (edit.verb === 'a') after.push(edit.text ?? '')
        else if (edit.verb === 'c') {
          output.push(edit.text ?? '')
          deleted = true
        } else if (edit.verb === 'y') {
          const [from = '', to = ''] = (edit.replacement as string).split('\0')
          line = Array.from(line, char =>
            from.includes(char) ? (to[from.indexOf(char)] ?? char) : char,
          ).join('')
        } else if (edit.verb === 's') {
          const { text, hit } = substituteOnce(line, edit)
          line = text
          if (hit && edit.flags?.includes('p')) output.push(line)
        }
      }
    }
    apply(edits)
    if (!deleted && !silent) output.push(line)
    output.push(...after)
    if (quit) break
  }
  return output
}

const sed: Program = async call => {
  const args = call.args.map(argument => (/^-i\S+$/.test(argument) ? '-i' : argument))
  const { flags, all, rest } = parseArguments(args, ['e', 'f', 'expression'])
  const scripts = [...all('e'), ...all('expression')]
  const paths = [...rest]
  if (scripts.length === 0) scripts.push(paths.shift() ?? '')
  let edits: Edit[]
  try {
    edits = parse(scripts.join('\n'), flags.has('E') || flags.has('r') || flags.has('regexp-extended'))
  } catch (error) {
    if (error instanceof ScriptError || error instanceof SyntaxError)
      return call.fail(`-e expression #1: ${error.message}`)
    throw error
  }
  const silent = flags.has('n') || flags.has('quiet')
  let status = 0
  for (const path of paths.length > 0 ? paths : ['-']) {
    try {
      const lines = edited(linesOf(await readOperand(call, path)), edits, silent)
      const result = lines.map(line => `${line}\n`).join('')
      if (flags.has('i') || flags.has('in-place')) call.host.vfs.writeFile(path, result, {}, call.cwd)
      else await call.out(result)
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      status = await call.fail(`can't read ${path}: ${error.message}`, 2)
    }
  }
  return status
}

/** sed, as far as scripts of a first boot go. */
export const seds: Record<string, Program> = { sed }

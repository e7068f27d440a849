import { escapes } from './echo.ts'
import type { Builtin } from './index.ts'

/** Quotes as bash's `%q`. */
export function quoteShell(text: string): string {
  if (text === '') return "''"
  if (/[\n\t\r]/.test(text)) {
    return `$'${text.replace(/\\/g, '\\\\').replace(/'/g, "\\'").replace(/\n/g, '\\n').replace(/\t/g, '\\t')}'`
  }
  return text.replace(/[^\w@%+=:,./-]/g, '\\$&')
}

function integer(text: string): { value: number; bad: boolean } {
  if (text === '') return { value: 0, bad: false }
  if (/^["']/.test(text)) return { value: text.codePointAt(1) ?? 0, bad: false }
  const value = Number(/^[-+]?0[0-7]+$/.test(text) ? Number.parseInt(text, 8) : text)
  return Number.isNaN(value)
    ? { value: Number.parseInt(text, 10) || 0, bad: true }
    : { value: Math.trunc(value), bad: false }
}

function pad(text: string, flags: string, width: number): string {
  if (flags.includes('-')) return text.padEnd(width)
  if (flags.includes('0') && /^-?[\d.a-fA-F]+$/.test(text)) {
    const sign = text.startsWith('-') ? '-' : ''
    return sign + text.slice(sign.length).padStart(width - sign.length, '0')
  }
  return text.padStart(width)
}

const two = (value: number) => String(value).padStart(2, '0')

/** strftime(3) in UTC. */
export function strftime(format: string, ms: number): string {
  const date = new Date(ms)
  const days = ['Sunday', 'Monday', 'Tuesday', 'Wednesday', 'Thursday', 'Friday', 'Saturday']
  const months = [
    'January',
    'February',
    'March',
    'April',
    'May',
    'June',
    'July',
    'August',
    'September',
    'October',
    'November',
    'December',
  ]
  const day = days[date.getUTCDay()] as string
  const month = months[date.getUTCMonth()] as string
  const values: Record<string, () => string> = {
    Y: () => String(date.getUTCFullYear()),
    y: () => two(date.getUTCFullYear() % 100),
    m: () => two(date.getUTCMonth() + 1),
    d: () => two(date.getUTCDate()),
    e: () => String(date.getUTCDate()).padStart(2),
    H: () => two(date.getUTCHours()),
    I: () => two(date.getUTCHours() % 12 || 12),
    M: () => two(date.getUTCMinutes()),
    S: () => two(date.getUTCSeconds()),
    N: () => String(date.getUTCMilliseconds()).padStart(3, '0').padEnd(9, '0'),
    s: () => String(Math.floor(ms / 1000)),
    F: () => date.toISOString().slice(0, 10),
    T: () => date.toISOString().slice(11, 19),
    R: () => date.toISOString().slice(11, 16),
    D: () => strftime('%m/%d/%y', ms),
    a: () => day.slice(0, 3),
    A: () => day,
    b: () => month.slice(0, 3),
    B: () => month,
    j: () => String(Math.floor((ms - Date.UTC(date.getUTCFullYear(), 0, 1)) / 86400000) + 1).padStart(3, '0'),
    p: () => (date.getUTCHours() < 12 ? 'AM' : 'PM'),
    u: () => String(date.getUTCDay() || 7),
    w: () => String(date.getUTCDay()),
    z: () => '+0000',
    Z: () => 'UTC',
    c: () => strftime('%a %b %e %H:%M:%S %Y', ms),
    n: () => '\n',
    t: () => '\t',
    '%': () => '%',
  }
  return format
    .replaceAll('%:z', '+00:00')
    .replace(/%([-_0]?)(3?)([A-Za-z%])/g, (whole, flag: string, digits: string, letter: string) => {
      const text = values[letter]?.() ?? whole
      if (digits === '3' && letter === 'N') return text.slice(0, 3)
      return flag === '-' ? text.replace(/^[0 ]+(?=.)/, '') : text
    })
}

/** printf(1): the format is used again while arguments are left. `status` 1 when a number was none. */
export function format(
  template: string,
  args: readonly string[],
  nowMs: number,
): { text: string; bad: string | undefined } {
  const rest = [...args]
  let text = ''
  let bad: string | undefined
  const pattern =
    /%(?:%|([-+ #0]*)(\*|\d+)?(?:\.(\*|\d+))?(?:\(([^)]*)\)T|([a-zA-Z])))|(\\(?:x[0-9a-fA-F]{1,2}|u[0-9a-fA-F]{1,4}|[0-7]{1,3}|[\s\S]))|([^%\\]+)|([%\\])/g
  do {
    const before = rest.length
    for (const found of template.matchAll(pattern)) {
      const [whole, flags = '', widthText, precisionText, time, letter, sequence, plain, lone] = found
      if (plain !== undefined || lone !== undefined) {
        text += plain ?? lone
        continue
      }
      if (sequence !== undefined) {
        const result = escapes(sequence, false)
        if (result.stop) return { text, bad }
        text += result.text
        continue
      }
      if (whole === '%%') {
        text += '%'
        continue
      }
      const width = Number(widthText === '*' ? rest.shift() : (widthText ?? 0))
      const precision =
        precisionText === undefined ? undefined : Number(precisionText === '*' ? rest.shift() : precisionText)
      const argument = rest.shift()
      if (time !== undefined) {
        const at =
          argument === undefined || argument === '-1' || argument === '-2' ? nowMs : Number(argument) * 1000
        text += pad(strftime(time || '%T', at), flags, width)
        continue
      }
      const value = argument ?? ''
      const number = integer(value)
      if ('diuxXo'.includes(letter as string) && number.bad) bad = value
      switch (letter) {
        case 's':
          text += pad(precision === undefined ? value : value.slice(0, precision), flags, width)
          break
        case 'b': {
          const result = escapes(value)
          text += pad(result.text, flags, width)
          if (result.stop) return { text, bad }
          break
        }
        case 'q':
          text += pad(quoteShell(value), flags, width)
          break
        case 'c':
          text += pad(value.slice(0, 1), flags, width)
          break
        case 'd':
        case 'i':
        case 'u':
          text += pad(
            (flags.includes('+') && number.value >= 0 ? '+' : '') + String(number.value),
            flags,
            width,
          )
          break
        case 'x':
          text += pad(number.value.toString(16), flags, width)
          break
        case 'X':
          text += pad(number.value.toString(16).toUpperCase(), flags, width)
          break
        case 'o':
          text += pad(number.value.toString(8), flags, width)
          break
        case 'f':
        case 'g':
        case 'e':
          text += pad((Number(value) || 0).toFixed(precision ?? 6), flags, width)
          break
        default:
          text += whole
      }
    }
    if (rest.length === before) break
  } while (rest.length > 0)
  return { text, bad }
}

export const printf: Builtin = async (shell, args) => {
  const words = [...args]
  let variable: string | undefined
  if (words[0] === '-v') {
    variable = words[1]
    words.splice(0, 2)
  }
  if (words[0] === '--') words.shift()
  const template = words.shift()
  if (template === undefined) {
    await shell.complain('printf: usage: printf [-v var] format [arguments]')
    return 2
  }
  const { text, bad } = format(template, words, shell.host.clock.now())
  if (variable === undefined) await shell.write(1, text)
  else shell.vars.set(variable, text)
  if (bad === undefined) return 0
  await shell.complain(`printf: ${bad}: invalid number`)
  return 1
}

import type { Builtin } from './index.ts'

const simple: Record<string, string> = {
  n: '\n',
  t: '\t',
  r: '\r',
  a: '\x07',
  b: '\b',
  e: '\x1b',
  E: '\x1b',
  f: '\f',
  v: '\v',
  '\\': '\\',
}

/** Backslash escapes of `echo -e` and `printf`; `\c` ends the output. */
export function escapes(text: string, octalWithZero = true): { text: string; stop: boolean } {
  let stop = false
  const octal = octalWithZero ? '0[0-7]{0,3}|[1-7][0-7]{0,2}' : '[0-7]{1,3}'
  const pattern = new RegExp(`\\\\(?:(x[0-9a-fA-F]{1,2})|(u[0-9a-fA-F]{1,4})|(${octal})|([\\s\\S]))`, 'g')
  const result = text.replace(
    pattern,
    (whole, hex?: string, unicode?: string, number?: string, letter?: string, at = 0) => {
      if (stop) return ''
      if (hex) return String.fromCharCode(Number.parseInt(hex.slice(1), 16))
      if (unicode) return String.fromCodePoint(Number.parseInt(unicode.slice(1), 16))
      if (number) return String.fromCharCode(Number.parseInt(number, 8) & 255)
      if (letter === 'c') {
        stop = true
        return `\0stop${at}\0`
      }
      return simple[letter as string] ?? whole
    },
  )
  const cut = result.search(/\0stop\d+\0/)
  return { text: cut < 0 ? result : result.slice(0, cut), stop }
}

export const echo: Builtin = async (shell, args) => {
  const words = [...args]
  let newline = true
  let escaped = false
  while (/^-[neE]+$/.test(words[0] ?? '')) {
    const flags = words.shift() as string
    if (flags.includes('n')) newline = false
    if (flags.includes('e')) escaped = true
    if (flags.includes('E')) escaped = false
  }
  let text = words.join(' ')
  if (escaped) {
    const result = escapes(text)
    text = result.text
    if (result.stop) newline = false
  }
  await shell.write(1, text + (newline ? '\n' : ''))
  return 0
}

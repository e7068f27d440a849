/** A piece of a pattern: `raw` pieces have their special characters, others stand for themselves. */
export type PatternPiece = { text: string; raw: boolean }

const special = /[.*+?^${}()|[\]\\/]/g

function bracket(text: string, at: number): { source: string; end: number } | undefined {
  let end = at + 1
  if (text[end] === '!' || text[end] === '^') end += 1
  if (text[end] === ']') end += 1
  while (end < text.length && text[end] !== ']') {
    if (text.startsWith('[:', end)) end = text.indexOf(':]', end) + 2
    else end += 1
  }
  if (end >= text.length) return undefined
  let body = text.slice(at + 1, end)
  const negated = body.startsWith('!') || body.startsWith('^')
  if (negated) body = body.slice(1)
  const classes: Record<string, string> = {
    alnum: 'A-Za-z0-9',
    alpha: 'A-Za-z',
    digit: '0-9',
    lower: 'a-z',
    upper: 'A-Z',
    space: '\\s',
    xdigit: '0-9A-Fa-f',
    punct: '!-\\/:-@\\[-`{-~',
  }
  const safe = body
    .replace(/\\/g, '\\\\')
    .replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '')
    .replace(/\]/g, '\\]')
    .replace(/\[(?!:)/g, '\\[')
  return { source: `[${negated ? '^' : ''}${safe}]`, end }
}

const extended: Record<string, string> = { '?': '?', '*': '*', '+': '+', '@': '' }

function translate(text: string, path: boolean): string {
  const any = path ? '[^/]' : '[^]'
  let source = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string
    if ('?*+@!'.includes(char) && text[at + 1] === '(') {
      let depth = 0
      let end = at + 1
      for (; end < text.length; end += 1) {
        if (text[end] === '(') depth += 1
        if (text[end] === ')') depth -= 1
        if (depth === 0) break
      }
      const options = text
        .slice(at + 2, end)
        .split('|')
        .map(option => translate(option, path))
        .join('|')
      source += char === '!' ? `(?:(?!(?:${options})$)${any}*)` : `(?:${options})${extended[char]}`
      at = end
    } else if (char === '*') source += `${any}*`
    else if (char === '?') source += any
    else if (char === '\\' && at + 1 < text.length) {
      at += 1
      source += (text[at] as string).replace(special, '\\$&')
    } else if (char === '[') {
      const found = bracket(text, at)
      if (found) {
        source += found.source
        at = found.end
      } else source += '\\['
    } else source += char.replace(special, '\\$&')
  }
  return source
}

/** The regular expression of a shell pattern, without anchors. With `path`, wildcards stop at slashes. */
export function patternSource(pieces: readonly PatternPiece[], path = false): string {
  return pieces
    .map(piece => (piece.raw ? translate(piece.text, path) : piece.text.replace(special, '\\$&')))
    .join('')
}

/** Whether the whole text matches a shell pattern given as plain text. */
export function matches(pattern: string, text: string): boolean {
  return new RegExp(`^${patternSource([{ text: pattern, raw: true }])}$`).test(text)
}

/** `${x#p}` and friends: what is left when the shortest or longest match at that end is taken away. */
export function removeMatch(text: string, source: string, operator: string): string {
  const whole = new RegExp(`^(?:${source})$`)
  const lengths = Array.from({ length: text.length + 1 }, (_, index) => index)
  if (operator.length === 2) lengths.reverse()
  for (const length of lengths) {
    if (operator.startsWith('#') && whole.test(text.slice(0, length))) return text.slice(length)
    if (operator.startsWith('%') && whole.test(text.slice(text.length - length))) {
      return text.slice(0, text.length - length)
    }
  }
  return text
}

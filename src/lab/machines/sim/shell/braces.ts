/** Splits at the commas of the outermost level. */
function alternatives(body: string): string[] {
  const parts: string[] = []
  let depth = 0
  let current = ''
  for (let at = 0; at < body.length; at += 1) {
    const char = body[at] as string
    if (char === '\\') {
      current += char + (body[at + 1] ?? '')
      at += 1
      continue
    }
    if (char === '{') depth += 1
    if (char === '}') depth -= 1
    if (char === ',' && depth === 0) {
      parts.push(current)
      current = ''
    } else current += char
  }
  return [...parts, current]
}

function range(body: string): string[] | undefined {
  const found = /^(-?\d+|[A-Za-z])\.\.(-?\d+|[A-Za-z])(?:\.\.(-?\d+))?$/.exec(body)
  if (!found) return undefined
  const [, from, to, by] = found as unknown as [string, string, string, string | undefined]
  const numeric = /^-?\d+$/.test(from) && /^-?\d+$/.test(to)
  if (!numeric && (/\d/.test(from) || /\d/.test(to))) return undefined
  const first = numeric ? Number(from) : from.charCodeAt(0)
  const last = numeric ? Number(to) : to.charCodeAt(0)
  const step = Math.max(1, Math.abs(Number(by ?? 1))) * (first <= last ? 1 : -1)
  const width = numeric && [from, to].some(end => /^-?0\d/.test(end)) ? Math.max(from.length, to.length) : 0
  const result: string[] = []
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) {
    result.push(numeric ? String(value).padStart(width, '0') : String.fromCharCode(value))
  }
  return result
}

/** Brace expansion on the text of a word, quotes respected. */
export function braceExpand(text: string): string[] {
  let quote = ''
  for (let at = 0; at < text.length; at += 1) {
    const char = text[at] as string
    if (char === '\\') at += 1
    else if (quote) quote = char === quote ? '' : quote
    else if (char === '"' || char === "'") quote = char
    else if (char === '{' && text[at - 1] !== '$') {
      const end = closing(text, at)
      if (end < 0) continue
      const body = text.slice(at + 1, end)
      const parts = alternatives(body)
      const options = parts.length > 1 ? parts.flatMap(braceExpand) : range(body)
      if (!options) continue
      const tails = braceExpand(text.slice(end + 1))
      return options.flatMap(option => tails.map(tail => text.slice(0, at) + option + tail))
    }
  }
  return [text]
}

function closing(text: string, open: number): number {
  let depth = 0
  for (let at = open; at < text.length; at += 1) {
    if (text[at] === '\\') at += 1
    else if (text[at] === '{') depth += 1
    else if (text[at] === '}') {
      depth -= 1
      if (depth === 0) return at
    }
  }
  return -1
}

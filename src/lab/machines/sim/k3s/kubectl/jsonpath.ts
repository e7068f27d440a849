import { type Json, records } from '../objects.ts'

function step(values: unknown[], token: string): unknown[] {
  const filter = /^\[\?\(@\.([\w.]+)\s*(==|!=)\s*["']?([^"')]*)["']?\)\]$/.exec(token)
  if (filter) {
    return values
      .flatMap(value => records(value))
      .filter(value => {
        const found = String(
          (filter[1] as string)
            .split('.')
            .reduce<unknown>((inner, key) => (inner as Json | undefined)?.[key], value) ?? '',
        )
        return (found === filter[3]) === (filter[2] === '==')
      })
  }
  if (token === '[*]' || token === '*')
    return values.flatMap(value => (Array.isArray(value) ? value : Object.values((value ?? {}) as Json)))
  const index = /^\[(-?\d+)\]$/.exec(token)
  if (index) return values.flatMap(value => (Array.isArray(value) ? [value.at(Number(index[1]))] : []))
  const key = /^\['([^']+)'\]$/.exec(token)?.[1] ?? token
  return values.flatMap(value => {
    const found = typeof value === 'object' && value !== null ? (value as Json)[key] : undefined
    return found === undefined ? [] : [found]
  })
}

function select(value: unknown, path: string): unknown[] {
  const tokens = path.match(/\[\?\([^)]*\)\]|\[[^\]]*\]|(?:\\.|[^.[\]])+/g) ?? []
  return tokens.reduce<unknown[]>((values, token) => step(values, token.replace(/\\\./g, '.')), [value])
}

const show = (value: unknown) =>
  typeof value === 'object' && value !== null ? JSON.stringify(value) : String(value)

/** kubectl's JSONPath, as far as scripts go: fields, indexes, filters, `{range}`, texts. */
export function jsonPath(template: string, value: unknown): string {
  const range = /\{range ([^}]+)\}([\s\S]*?)\{end\}/.exec(template)
  if (range) {
    const items = select(value, (range[1] as string).replace(/^\./, '')).flat()
    const body = items.map(item => jsonPath(range[2] as string, item)).join('')
    return (
      jsonPath(template.slice(0, range.index), value) +
      body +
      jsonPath(template.slice(range.index + range[0].length), value)
    )
  }
  if (!template.includes('{'))
    return template === '' ? '' : template.startsWith('.') ? jsonPath(`{${template}}`, value) : template
  return template.replace(/\{([^}]*)\}/g, (_, expression: string) => {
    const literal = /^\s*["'](.*)["']\s*$/.exec(expression)
    if (literal) return (literal[1] as string).replaceAll('\\n', '\n').replaceAll('\\t', '\t')
    return select(value, expression.trim().replace(/^[$@]/, '').replace(/^\./, '')).map(show).join(' ')
  })
}

import { UsageError } from '../errors.ts'

/** A YAML map as it was read. */
export type Fields = Readonly<Record<string, unknown>>

export function isMap(value: unknown): value is Fields {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

/** A map, or an empty one where there is none. @throws UsageError `manifest-field` */
export function mapField(fields: Fields, key: string, where: string): Fields {
  const value = fields[key] ?? {}
  if (isMap(value)) return value
  throw wrong(where, key, 'a map')
}

/** A text, or undefined. @throws UsageError `manifest-field` */
export function textField(fields: Fields, key: string, where: string): string | undefined {
  const value = fields[key] ?? undefined
  if (value === undefined || typeof value === 'string') return value
  throw wrong(where, key, 'text')
}

/** A yes or no, or undefined. @throws UsageError `manifest-field` */
export function booleanField(fields: Fields, key: string, where: string): boolean | undefined {
  const value = fields[key] ?? undefined
  if (value === undefined || typeof value === 'boolean') return value
  throw wrong(where, key, 'true or false')
}

/**
 * A map of texts; nothing counts as empty, and plain numbers and truths as the text they are, as for kubeseal.
 * @throws UsageError `manifest-field`
 */
export function textMap(fields: Fields, key: string, where: string): Record<string, string> {
  return Object.fromEntries(
    Object.entries(mapField(fields, key, where)).map(([name, value]) => {
      if (value === null) return [name, '']
      if (typeof value === 'string') return [name, value]
      if (typeof value === 'number' || typeof value === 'boolean') return [name, String(value)]
      throw wrong(where, `${key}.${name}`, 'text: put it in quotes')
    }),
  )
}

function wrong(where: string, field: string, wanted: string): UsageError {
  return new UsageError(`${where}: ${field} must be ${wanted}.`, { code: 'manifest-field' })
}

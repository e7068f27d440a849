import { parseDocument } from 'yaml'

/** A cloud-config as parsed; values are what YAML says, checked where they are used. */
export type CloudConfig = Record<string, unknown>

export type Parsed = { config: CloudConfig; error?: string }

/** YAML 1.1 as cloud-init reads it (`yes` is true, `0644` is a number). The error is what cloud-init logs. */
export function parseCloudConfig(text: string): Parsed {
  const document = parseDocument(text, { version: '1.1', logLevel: 'silent', uniqueKeys: false })
  const [error] = document.errors
  if (error) {
    const at = error.linePos?.[0]
    const where = at ? `line ${at.line} column ${at.col}` : 'line 1 column 1'
    return {
      config: {},
      error: `Failed loading yaml blob. Invalid format at ${where}: "${error.message.split('\n')[0]}"`,
    }
  }
  const value: unknown = document.toJS()
  if (value === null || value === undefined) return { config: {} }
  if (typeof value !== 'object' || Array.isArray(value)) {
    return {
      config: {},
      error: `Failed loading yaml blob. Yaml load allows (<class 'dict'>,) root types, but got ${Array.isArray(value) ? 'list' : 'str'} instead`,
    }
  }
  return { config: value as CloudConfig }
}

export const isRecord = (value: unknown): value is Record<string, unknown> =>
  typeof value === 'object' && value !== null && !Array.isArray(value)

export const listOf = (value: unknown): unknown[] =>
  Array.isArray(value) ? value : value === undefined || value === null ? [] : [value]

export const textOf = (value: unknown): string =>
  typeof value === 'string' ? value : value === undefined || value === null ? '' : String(value)

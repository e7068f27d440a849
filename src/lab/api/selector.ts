import type { Labels } from '../../hetzner/wire.ts'
import { isLabelKey, isLabelValue } from './labels.ts'

export type Selector = (labels: Labels) => boolean

/** `k in (a,b)`, `k notin (a,b)` · `k==v`, `k=v`, `k!=v` · `k`, `!k`. */
const setTerm = /^(\S+)\s+(in|notin)\s+\(([^()]*)\)$/
const valueTerm = /^([^=!\s]+)\s*(==|=|!=)\s*(\S*)$/
const keyTerm = /^(!?)\s*(\S+)$/

/**
 * Reads a label selector; undefined when it is none. A comma means "and"; `k!=v` and `k notin (…)` also take what has no k.
 * Source: OpenAPI text, "Label selector" · documented.
 */
export function parseSelector(text: string): Selector | undefined {
  const terms = splitTerms(text).map(parseTerm)
  return terms.every(term => term !== undefined)
    ? labels => terms.every(term => (term as Selector)(labels))
    : undefined
}

/** Splits at the commas that stand outside brackets. */
function splitTerms(text: string): string[] {
  return text.split(/,(?![^(]*\))/).map(term => term.trim())
}

function parseTerm(term: string): Selector | undefined {
  const set = setTerm.exec(term)
  if (set) return inSet(set[1] ?? '', set[2] === 'in', (set[3] ?? '').split(',').map(trim))
  const value = valueTerm.exec(term)
  if (value) return equals(value[1] ?? '', value[2] !== '!=', value[3] ?? '')
  const key = keyTerm.exec(term)
  if (!key || !isLabelKey(key[2] ?? '')) return undefined
  const [, not, name = ''] = key
  return labels => Object.hasOwn(labels, name) === (not === '')
}

function inSet(key: string, wanted: boolean, values: string[]): Selector | undefined {
  if (!isLabelKey(key) || !values.every(isLabelValue)) return undefined
  return labels => (Object.hasOwn(labels, key) && values.includes(labels[key] ?? '')) === wanted
}

function equals(key: string, wanted: boolean, value: string): Selector | undefined {
  if (!isLabelKey(key) || !isLabelValue(value)) return undefined
  return labels => (Object.hasOwn(labels, key) && labels[key] === value) === wanted
}

function trim(text: string): string {
  return text.trim()
}

import type { Labels } from '../../hetzner/wire.ts'
import type { Checks } from './checks.ts'

const name = /^[A-Za-z0-9]([-_.A-Za-z0-9]{0,61}[A-Za-z0-9])?$/
const domain = /^[a-z0-9]([-a-z0-9]*[a-z0-9])?(\.[a-z0-9]([-a-z0-9]*[a-z0-9])?)*$/

/** Source: OpenAPI text, "Labels" · documented. `hetzner.cloud/` is reserved. */
export function isLabelKey(key: string): boolean {
  const slash = key.indexOf('/')
  if (slash < 0) return name.test(key)
  const prefix = key.slice(0, slash)
  return (
    prefix.length <= 253 &&
    domain.test(prefix) &&
    prefix !== 'hetzner.cloud' &&
    name.test(key.slice(slash + 1))
  )
}

export function isLabelValue(value: string): boolean {
  return value === '' || name.test(value)
}

/** The `labels` of a body, or undefined when there is none. Null counts as none: hcloud-go sends it in places. */
export function readLabels(checks: Checks, body: Record<string, unknown>): Labels | undefined {
  const value = body.labels
  if (value === undefined || value === null) return undefined
  if (typeof value !== 'object' || Array.isArray(value)) {
    checks.problem('labels', 'must be an object of strings')
    return undefined
  }
  for (const [key, entry] of Object.entries(value)) {
    if (!isLabelKey(key)) checks.problem('labels', `'${key}' is not a valid label key`)
    if (typeof entry !== 'string' || !isLabelValue(entry))
      checks.problem('labels', `the value of '${key}' is not valid`)
  }
  return value as Labels
}

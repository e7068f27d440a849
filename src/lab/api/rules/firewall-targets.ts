import { type Checks, isBody, isId } from '../checks.ts'
import { parseSelector } from '../selector.ts'

export type Target = { type: 'server'; server: number } | { type: 'label_selector'; selector: string }

/** `apply_to` and `remove_from`. Source of the shape: OpenAPI text, firewalls · documented. */
export function readTargets(checks: Checks, field: string): Target[] | undefined {
  return checks.list(field, readTarget, 'Not a valid list of resources.')
}

function readTarget(entry: unknown): Target | undefined {
  if (!isBody(entry)) return undefined
  const { type, server, label_selector: labels } = entry
  if (type === 'server' && isBody(server) && isId(server.id)) return { type, server: server.id }
  if (type !== 'label_selector' || !isBody(labels) || typeof labels.selector !== 'string') return undefined
  return parseSelector(labels.selector) ? { type, selector: labels.selector } : undefined
}

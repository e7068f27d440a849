import { parseJson, parseSections, sectionsCommand } from './sections.ts'

const kubectl = 'timeout 20 k3s kubectl'

/** One command that lists what must survive a swap of machines: claims with their data, and sealed secrets that open. */
export function wholenessProbe(): string {
  return sectionsCommand({
    claims: `${kubectl} get pvc -A -o json`,
    sealed: `${kubectl} get sealedsecrets.bitnami.com -A -o json`,
  })
}

/** Names of what is well: `claim NAMESPACE/NAME` when bound, `sealed secret NAMESPACE/NAME` when opened. */
export function parseWholeness(stdout: string): string[] {
  const sections = parseSections(stdout)
  return [
    ...items(sections.claims)
      .filter(claim => at(claim, 'status', 'phase') === 'Bound')
      .map(claim => `claim ${nameOf(claim)}`),
    ...items(sections.sealed)
      .filter(isOpen)
      .map(secret => `sealed secret ${nameOf(secret)}`),
  ]
}

type Json = Record<string, unknown>

function isOpen(secret: Json): boolean {
  const conditions = at(secret, 'status', 'conditions')
  return (
    Array.isArray(conditions) &&
    (conditions as Json[]).some(each => each.type === 'Synced' && each.status === 'True')
  )
}

function nameOf(object: Json): string {
  return `${String(at(object, 'metadata', 'namespace'))}/${String(at(object, 'metadata', 'name'))}`
}

function items(text: string | undefined): Json[] {
  const list = parseJson(text)?.items
  return Array.isArray(list) ? (list as Json[]) : []
}

function at(value: unknown, ...path: string[]): unknown {
  return path.reduce<unknown>((found, key) => (found as Json | null | undefined)?.[key], value)
}

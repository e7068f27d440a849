import type { State } from './state.ts'

const ids = ['sshKey', 'firewall', 'ipv4', 'ipv6', 'volume', 'server'] as const
const texts = ['address', 'hostKey'] as const

/**
 * What is wrong with a state, or undefined. Written by hand, because the state is read by every command
 * and a schema library costs more start-up than these lines.
 */
export function flawOf(state: unknown): string | undefined {
  if (!isMap(state)) return 'it is no JSON object'
  if (typeof state.cluster !== 'string') return '"cluster" is not text'
  if (typeof state.endpoint !== 'string') return '"endpoint" is not text'
  return flawOfResources(state.resources) ?? flawOfMade(state.made) ?? flawOfOperation(state.operation)
}

function flawOfResources(resources: unknown): string | undefined {
  if (!isMap(resources)) return '"resources" is missing'
  for (const key of ids) {
    const id = resources[key]
    if (id !== undefined && !(Number.isSafeInteger(id) && Number(id) > 0))
      return `"resources.${key}" is no id`
  }
  for (const key of texts) {
    if (resources[key] !== undefined && typeof resources[key] !== 'string')
      return `"resources.${key}" is not text`
  }
  return undefined
}

function flawOfMade(made: unknown): string | undefined {
  if (made === null) return undefined
  const whole = isMap(made) && typeof made.inputs === 'string' && typeof made.userData === 'string'
  return whole ? undefined : '"made" is not whole'
}

function flawOfOperation(operation: unknown): string | undefined {
  if (operation === null) return undefined
  if (!isMap(operation)) return '"operation" is missing'
  const kinds: readonly unknown[] = ['up', 'down', 'swap', 'resize'] satisfies NonNullable<
    State['operation']
  >['kind'][]
  if (!kinds.includes(operation.kind)) return '"operation.kind" is unknown'
  if (typeof operation.run !== 'string' || typeof operation.startedAt !== 'string')
    return '"operation" is not whole'
  if (operation.swap !== undefined && !isSwap(operation.swap)) return '"operation.swap" is not whole'
  const journal = operation.journal
  if (!Array.isArray(journal)) return '"operation.journal" is no list'
  const broken = journal.findIndex(
    entry => !isMap(entry) || typeof entry.effect !== 'string' || !isStatus(entry.status),
  )
  return broken < 0 ? undefined : `"operation.journal[${broken}]" is not whole`
}

function isSwap(swap: unknown): boolean {
  if (!isMap(swap) || !Array.isArray(swap.types) || typeof swap.image !== 'string') return false
  const isKnown = (value: unknown, known: readonly string[]) => known.includes(String(value))
  return (
    isKnown(swap.strategy, ['replace', 'rebuild', 'recreate']) &&
    isKnown(swap.direction, ['forward', 'back']) &&
    (swap.old === null || Number.isSafeInteger(swap.old))
  )
}

function isStatus(status: unknown): boolean {
  return status === 'intent' || status === 'done'
}

export function isMap(value: unknown): value is Record<string, unknown> {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

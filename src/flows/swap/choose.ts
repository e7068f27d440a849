import type { Strategy } from './story.ts'

export type Choice = { strategy: Strategy; reasons: string[] }

export type ChoiceInput = {
  wanted: Strategy | 'auto'
  /** Types that may be ordered as a second server now, best first. */
  inStock: readonly string[]
  /** Every type that would do, in stock or not. */
  types: readonly string[]
  currentType: string
}

/**
 * Which way a machine is swapped, with the reasons a person is told. `replace` gives nothing up before the new machine
 * stands; `rebuild` needs no second server, but the same type; `recreate` only when asked for by name. Pure.
 * @returns undefined when none of them is possible.
 */
export function chooseStrategy({ wanted, inStock, types, currentType }: ChoiceInput): Choice | undefined {
  const spare = inStock[0]
  const fits = types.includes(currentType)
  if (wanted === 'recreate')
    return {
      strategy: 'recreate',
      reasons: ['asked for by name; the server is deleted before the new one exists'],
    }
  if (wanted === 'rebuild') return fits ? { strategy: 'rebuild', reasons: ['asked for by name'] } : undefined
  if (spare !== undefined) {
    const reasons = wanted === 'replace' ? ['asked for by name'] : [`a second ${spare} can be had`]
    return {
      strategy: 'replace',
      reasons: [...reasons, 'the old server stays whole until the new one is healthy'],
    }
  }
  if (wanted === 'replace' || !fits) return undefined
  return {
    strategy: 'rebuild',
    reasons: [
      `no ${types.join(' or ')} is in stock for a second server`,
      `the server is a ${currentType} already, so it can be rebuilt in place`,
      'there is no way back once the rebuild has begun',
    ],
  }
}

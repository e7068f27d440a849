import type { ProgressEvent } from '../../progress/events.ts'
import type { Strategy } from './story.ts'

export type Expected = {
  /** From the stop of K3s to the node being Ready again, milliseconds. */
  outageMs: number
  source: 'history' | 'table'
  /** How many runs it is taken from. */
  runs: number
}

/**
 * Typical seconds. The API's are the middle of what others observed (facts/hetzner-api.md §3) or of the lab's table;
 * boots were measured on a stock image, the rest is an estimate. All of it is only good until there is a history.
 */
const typicalSeconds = {
  release: 12,
  powerOff: 5,
  detach: 3,
  attach: 3,
  assign: 2,
  powerOn: 3,
  create: 9,
  delete: 6,
  rebuild: 12,
  boot: 20,
  firstBoot: 30,
  node: 20,
} as const

const table: Record<Strategy, readonly (keyof typeof typicalSeconds)[]> = {
  replace: ['release', 'powerOff', 'detach', 'attach', 'assign', 'assign', 'powerOn', 'boot', 'node'],
  rebuild: ['release', 'rebuild', 'boot', 'firstBoot', 'node'],
  recreate: ['release', 'detach', 'delete', 'create', 'attach', 'boot', 'firstBoot', 'node'],
}

const newest = 5

/** The outage to expect: the median of the last five swaps of that strategy, else the sum of the table. Pure. */
export function expectedOutage(strategy: Strategy, history: readonly ProgressEvent[]): Expected {
  const seen = pastOutages(history)
    .filter(each => each.strategy === strategy)
    .slice(-newest)
    .map(each => each.outageMs)
    .sort((a, b) => a - b)
  const middle = seen[Math.floor(seen.length / 2)]
  if (middle !== undefined) return { outageMs: middle, source: 'history', runs: seen.length }
  const seconds = table[strategy].reduce((sum, part) => sum + typicalSeconds[part], 0)
  return { outageMs: seconds * 1_000, source: 'table', runs: 0 }
}

/** Id of the step whose message is the measured outage in milliseconds, and the strategy. */
export const outageStep = 'measure-outage'

/** `replace 41230`: what the measuring step says, for people and for the next plan. */
export function outageMessage(strategy: Strategy, outageMs: number): string {
  return `${strategy} ${Math.round(outageMs)} ms`
}

function pastOutages(history: readonly ProgressEvent[]): { strategy: Strategy; outageMs: number }[] {
  return history.flatMap(event => {
    if (event.type !== 'step-end' || event.step !== outageStep || event.outcome !== 'done') return []
    const [, strategy, ms] = /^(replace|rebuild|recreate) (\d+) ms$/.exec(event.message ?? '') ?? []
    return strategy === undefined ? [] : [{ strategy: strategy as Strategy, outageMs: Number(ms) }]
  })
}

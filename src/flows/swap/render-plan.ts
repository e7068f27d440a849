import { duration } from '../../progress/index.ts'
import { euro } from '../costs.ts'
import type { SwapPlan } from './plan.ts'

/** The plan as a person reads it: what, why, the steps, the outage, the cost. */
export function renderSwapPlan(plan: SwapPlan): string {
  const { from, to } = plan
  const steps = plan.steps.map(
    ({ title, outage }, index) => `  ${String(index + 1).padStart(2)}. ${title}${outage ? '  (outage)' : ''}`,
  )
  const asks = plan.steps.flatMap(step => step.asks)
  return [
    `Swap of ${plan.cluster} by "${plan.strategy}":`,
    `  from  ${from.name} (${from.id}), ${from.type}, ${from.image}, ${from.location}`,
    `  to    ${to.types.join(' or ')}, ${to.image}`,
    `  keeps ${plan.volume.name} (${plan.volume.id}), ${plan.volume.sizeGb} GB, addresses, host key and secrets`,
    ...plan.reasons.map(reason => `  why   ${reason}`),
    '',
    ...steps,
    '',
    `The API will be asked: ${asks.join(', ')}.`,
    outageLine(plan),
    costLine(plan),
  ].join('\n')
}

function outageLine({ outage }: SwapPlan): string {
  const from =
    outage.source === 'history'
      ? `as in the last ${outage.runs === 1 ? 'swap' : `${outage.runs} swaps`}`
      : 'estimated; there is no history yet'
  return `Expected outage: ${duration(outage.outageMs)} (${from}).`
}

function costLine({ cost, strategy }: SwapPlan): string {
  const { monthlyDeltaNet: delta, onceNet } = cost
  const month =
    delta === undefined
      ? 'The price of the new type is not known.'
      : delta === 0
        ? 'Costs the same per month.'
        : `Costs ${euro(Math.abs(delta))} ${delta > 0 ? 'more' : 'less'} per month without VAT.`
  const once = strategy === 'replace' && onceNet ? ` The second server: ${euro(onceNet)} once.` : ''
  return month + once
}

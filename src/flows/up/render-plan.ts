import { euro } from '../costs.ts'
import { kindTitles } from '../names.ts'
import { hasDifference, hasWork, type Plan, type PlanItem } from './plan.ts'

const signs: Record<PlanItem['action'], string> = { create: '+', keep: '=', change: '~', swap: '!' }

/** The plan as a person reads it: one line per resource, then the cost. Fits 80 columns where names are short. */
export function renderPlan(plan: Plan): string {
  const width = Math.max(...plan.items.map(item => kindTitles[item.kind].length))
  const nameWidth = Math.max(...plan.items.map(item => item.name.length))
  const lines = plan.items.map(item => {
    const price =
      item.monthlyNet === undefined || item.monthlyNet === 0 ? '' : `  ${euro(item.monthlyNet)}/month`
    return `  ${signs[item.action]} ${kindTitles[item.kind].padEnd(width)}  ${item.name.padEnd(nameWidth)}  ${item.note}${price}`
  })
  return [`Plan for ${plan.cluster}:`, ...lines, '', ...summary(plan)].join('\n')
}

function summary(plan: Plan): string[] {
  const lines: string[] = []
  if (plan.monthlyNet !== undefined) {
    const delta = plan.hourlyDeltaNet ? `, ${euro(plan.hourlyDeltaNet)} more per hour than now` : ''
    lines.push(`Costs ${euro(plan.monthlyNet)} per month without VAT${delta}.`)
  }
  if (plan.items.some(item => item.action === 'swap'))
    lines.push('Lines with "!" need a new machine: cosmos swap')
  if (!hasDifference(plan)) lines.push('Nothing to do: everything is as cosmos.yaml says.')
  else if (hasWork(plan)) lines.push(counts(plan))
  return lines
}

function counts(plan: Plan): string {
  const created = plan.items.filter(item => item.action === 'create').length
  const changed = plan.items.filter(item => item.changes.length > 0).length
  const parts = [created > 0 ? `${created} to create` : '', changed > 0 ? `${changed} to change` : '']
  return `${parts.filter(Boolean).join(', ')}.`
}

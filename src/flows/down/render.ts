import { euro } from '../costs.ts'
import { kindTitles } from '../names.ts'
import type { DownItem, DownPlan } from './plan.ts'

/** What goes and what stays, with what it frees. */
export function renderDown(plan: DownPlan): string {
  const doomed = plan.items.filter(item => item.fate === 'delete')
  const kept = plan.items.filter(item => item.fate === 'keep')
  const lines = [
    `Taking down ${plan.cluster}:`,
    ...doomed.map(item => line('-', item)),
    ...kept.map(item => line('=', item)),
    '',
  ]
  lines.push(`Frees ${euro(plan.freedMonthlyNet)} per month without VAT.`)
  if (doomed.some(item => item.kind === 'volume'))
    lines.push('The volume goes with ALL DATA on it. That cannot be undone.')
  if (doomed.some(item => item.kind === 'ipv4'))
    lines.push('The IPv4 address goes: the next machine gets another one, and DNS has to follow.')
  return lines.join('\n')
}

/** What is left that still bills. */
export function renderLeft(plan: DownPlan): string {
  const kept = plan.items.filter(item => item.fate === 'keep')
  if (kept.length === 0) return 'Nothing of this cluster is left that bills.'
  return [
    `Still billing, ${euro(plan.keptMonthlyNet)} per month without VAT:`,
    ...kept.map(item => line('=', item)),
    '',
    'They wait for the next machine. Try next:',
    '  cosmos up',
    '  cosmos down --volume --addresses   to delete them too',
  ].join('\n')
}

function line(sign: string, item: DownItem): string {
  const price = item.monthlyNet ? `  ${euro(item.monthlyNet)}/month` : ''
  const verb = item.fate === 'delete' ? 'deleted' : 'kept'
  return `  ${sign} ${kindTitles[item.kind].padEnd(12)}  ${item.name} (${item.id})  ${verb}${price}`
}

import type { Step, StepHandle } from '../../progress/step.ts'
import { type Kind, kindTitles } from '../names.ts'
import { applyChange, changeTitle } from './change.ts'
import type { UpContext } from './context.ts'
import { createAddress, createFirewall, createSshKey, createVolume } from './create.ts'
import { createServer } from './create-server.ts'
import type { Plan } from './plan.ts'

type Create = (context: UpContext, task: StepHandle) => Promise<string>

const parts: Record<Exclude<Kind, 'server'>, Create> = {
  sshKey: createSshKey,
  firewall: createFirewall,
  ipv4: (context, task) => createAddress(context, 'ipv4', task),
  ipv6: (context, task) => createAddress(context, 'ipv6', task),
  volume: createVolume,
}

/** The writing half of `up`: what is missing is made side by side, what differs is mended, then the server. */
export function applySteps(plan: Plan): Step<UpContext>[] {
  const missing = plan.items.filter(item => item.action === 'create').map(item => item.kind)
  const steps: Step<UpContext>[] = []
  const together = missing.filter(kind => kind !== 'server').map(kind => partStep(kind))
  if (together.length > 0) {
    steps.push({ id: 'prepare', title: 'Create what the server needs', children: together, parallel: true })
  }
  steps.push(...changeSteps(plan))
  if (missing.includes('server')) {
    steps.push({ id: 'create-server', title: 'Create server', run: createServer })
  }
  return steps
}

function partStep(kind: Exclude<Kind, 'server'>): Step<UpContext> {
  const verb = kind === 'ipv4' || kind === 'ipv6' ? 'Reserve' : 'Create'
  return { id: `create-${kind.toLowerCase()}`, title: `${verb} ${kindTitles[kind]}`, run: parts[kind] }
}

function changeSteps(plan: Plan): Step<UpContext>[] {
  return plan.items.flatMap(item =>
    item.changes.map(change => ({
      id: `${change.type}-${item.kind.toLowerCase()}`,
      title: changeTitle(change),
      run: async (context: UpContext, task: StepHandle) => {
        await applyChange(context, change, task)
      },
    })),
  )
}

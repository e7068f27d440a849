import { HetznerError } from '../../hetzner/index.ts'
import type { Action } from '../../hetzner/wire.ts'
import type { Step, StepHandle } from '../../progress/step.ts'
import type { Resources } from '../../state/state.ts'
import { effect } from '../effects.ts'
import { kindTitles } from '../names.ts'
import { ensureVolumeFree } from '../swap/moves.ts'
import type { DownContext } from './context.ts'
import { letGo } from './let-go.ts'
import type { DownItem, DownPlan } from './plan.ts'

/** Release, detach, delete: in this order, so that nothing can write to the volume when it is taken away. */
export function downSteps(plan: DownPlan): Step<DownContext>[] {
  const doomed = plan.items.filter(item => item.fate === 'delete')
  const server = doomed.filter(item => item.kind === 'server')
  const others = doomed.filter(item => item.kind !== 'server')
  return [
    ...(server.length > 0 ? releaseSteps() : []),
    ...server.map(deleteStep),
    {
      id: 'delete-rest',
      title: 'Delete what belonged to it',
      children: others.map(deleteStep).map(unlikeOthers),
      parallel: true,
    },
  ].filter(step => step.children === undefined || step.children.length > 0)
}

function releaseSteps(): Step<DownContext>[] {
  const skip = ({ attached }: DownContext) => (attached === undefined ? 'the server holds none' : undefined)
  return [
    { id: 'release-volume', title: 'Release the volume', skip, run: letGo },
    {
      id: 'detach-volume',
      title: 'Detach the volume',
      skip,
      run: async (context, task) => {
        if (context.attached !== undefined) await ensureVolumeFree(context, context.attached, null, task)
      },
    },
    { id: 'keep-addresses', title: 'Keep the addresses', skip: nothingAtRisk, run: keepAddresses },
  ]
}

function nothingAtRisk({ atRisk }: DownContext): string | undefined {
  return atRisk.length === 0 ? 'none would go with the server' : undefined
}

/** Somebody may have said that an address goes with its server: not one that was promised to stay. */
async function keepAddresses({ hetzner, log, atRisk }: DownContext, { signal }: StepHandle): Promise<void> {
  for (const id of atRisk)
    await effect(log, 'keep address', () => hetzner.primaryIps.update(id, { auto_delete: false }, signal))
}

/** A swap that was cut off may have left a second address. */
function unlikeOthers(step: Step<DownContext>, index: number, all: Step<DownContext>[]): Step<DownContext> {
  return all.findIndex(other => other.id === step.id) === index
    ? step
    : { ...step, id: `${step.id}-${index}` }
}

function deleteStep(item: DownItem): Step<DownContext> {
  return {
    id: `delete-${item.kind.toLowerCase()}`,
    title: `Delete ${kindTitles[item.kind]} ${item.name}`,
    run: async (context, task) => {
      await effect(
        context.log,
        `delete ${item.kind}`,
        () => deleteItem(context, item, task),
        (_, resources) => forget(resources, item),
      )
    },
  }
}

async function deleteItem({ hetzner }: DownContext, item: DownItem, { signal }: StepHandle): Promise<void> {
  switch (item.kind) {
    case 'server':
      return waitFor(await hetzner.servers.delete(item.id, signal))
    case 'volume':
      return void (await hetzner.volumes.delete(item.id, signal))
    case 'ipv4':
    case 'ipv6':
      return void (await hetzner.primaryIps.delete(item.id, signal))
    case 'firewall':
      return void (await hetzner.firewalls.delete(item.id, signal))
    case 'sshKey':
      return void (await hetzner.sshKeys.delete(item.id, signal))
  }

  async function waitFor(action: Action | undefined): Promise<void> {
    if (action === undefined) return
    try {
      await hetzner.actions.wait([action], { signal })
    } catch (error) {
      if (!(error instanceof HetznerError) || (await hetzner.servers.get(item.id, signal)) !== undefined)
        throw error
    }
  }
}

function forget(resources: Resources, { kind, id }: DownItem): void {
  if (resources[kind] !== id) return
  delete resources[kind]
  if (kind === 'ipv4') delete resources.address
}

import { CosmosError } from '../../errors.ts'
import { HetznerError } from '../../hetzner/index.ts'
import type { Action } from '../../hetzner/wire.ts'
import type { Step, StepHandle } from '../../progress/step.ts'
import type { Resources } from '../../state/state.ts'
import { effect } from '../effects.ts'
import { isDrop } from '../machine.ts'
import { kindTitles } from '../names.ts'
import { releaseVolume } from '../release.ts'
import type { DownContext } from './context.ts'
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
  return [
    {
      id: 'release-volume',
      title: 'Release the volume',
      skip: ({ server, attached }) => {
        if (attached === undefined) return 'the server holds none'
        return server?.status === 'off' ? 'the server is off' : undefined
      },
      run: release,
    },
    {
      id: 'detach-volume',
      title: 'Detach the volume',
      skip: ({ attached }) => (attached === undefined ? 'the server holds none' : undefined),
      run: async ({ hetzner, log, attached }, { signal }) => {
        if (attached === undefined) return
        const action = await effect(log, 'detach volume', () => hetzner.volumes.detach(attached, signal))
        await hetzner.actions.wait([action], { signal })
      },
    },
  ]
}

async function release(context: DownContext, task: StepHandle): Promise<string | undefined> {
  const { attached, config } = context
  if (attached === undefined) return undefined
  const machine = await context.machine()
  try {
    await machine.session(task.signal)
    await releaseVolume(machine, { node: config.name, volumeId: attached }, task)
    return 'nothing can write to it any more'
  } catch (error) {
    if (!isDrop(error)) throw error
    if (!context.force) throw unreachable(error)
    await cutPower(context, task)
    return 'the server could not be reached, so its power was cut'
  } finally {
    machine.close()
  }
}

function unreachable(cause: unknown): CosmosError {
  return new CosmosError(
    'The server cannot be reached over SSH, so nobody can make it let go of the volume.',
    {
      code: 'unreachable',
      hint: 'Try again later; or cut its power and lose what it has not written yet: cosmos down --force',
      cause,
    },
  )
}

/** A server without power writes nothing: the journal is replayed at the next mount. */
async function cutPower({ hetzner, log, server }: DownContext, { signal }: StepHandle): Promise<void> {
  if (server === undefined) return
  const action = await effect(log, 'power off', () => hetzner.servers.powerOff(server.id, signal))
  await hetzner.actions.wait([action], { signal })
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

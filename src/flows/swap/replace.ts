import type { Step, StepHandle } from '../../progress/index.ts'
import { isSpare, resourceNames, roleLabel, swapLabel } from '../names.ts'
import { checkOld } from './check-old.ts'
import { forgetMachine, type SwapContext } from './context.ts'
import { ensure } from './ensure.ts'
import { healthSteps } from './health.ts'
import { takeInventory } from './inventory.ts'
import { moveTo } from './moves.ts'
import { ensureOff, ensureOn } from './power.ts'
import { releaseOld } from './release-old.ts'
import { deleteOld } from './remove.ts'
import { createSpare, idOfNew, parkSpare, prepareSpare } from './spare.ts'
import { titleOf } from './story.ts'

const title = (id: string) => titleOf('replace', id)
const isFinal = ({ record }: SwapContext) => (record.final ? 'the new server is healthy' : undefined)
const isParked = ({ record }: SwapContext) => (record.parked ? 'the new server is parked' : undefined)

/** A new machine beside the old one; the old one stays whole until the new one is healthy. */
export function replaceSteps(): Step<SwapContext>[] {
  return [
    { id: 'check-old', title: title('check-old'), skip: isFinal, run: checkOld },
    { id: 'create-spare', title: title('create-spare'), skip: isParked, run: createSpare },
    { id: 'prepare-spare', title: title('prepare-spare'), skip: isParked, run: prepareSpare },
    { id: 'park-spare', title: title('park-spare'), skip: isParked, run: parkSpare },
    { id: 'release-volume', title: title('release-volume'), skip: isFinal, run: releaseOld },
    { id: 'power-off-old', title: title('power-off-old'), skip: isFinal, run: powerOffOld },
    { id: 'move', title: title('move'), skip: isFinal, run: move },
    { id: 'power-on-new', title: title('power-on-new'), run: powerOnNew },
    ...healthSteps(),
    { id: 'delete-old', title: title('delete-old'), run: deleteOld },
    { id: 'take-name', title: title('take-name'), run: takeName },
    { id: 'inventory', title: title('inventory'), run: takeInventory },
  ]
}

async function powerOffOld(context: SwapContext, task: StepHandle): Promise<void> {
  if (context.record.old !== null) await ensureOff(context, context.record.old, 'old', task)
}

async function move(context: SwapContext, task: StepHandle): Promise<string> {
  await moveTo(context, idOfNew(context), task)
  return context.kept.address
}

async function powerOnNew(context: SwapContext, task: StepHandle): Promise<void> {
  forgetMachine(context)
  await ensureOn(context, idOfNew(context), 'new', task)
}

/** The cluster's name, and no mark of a spare: from here on it is the cluster's server. */
async function takeName(context: SwapContext, { signal }: StepHandle): Promise<string> {
  const { hetzner, log, cluster } = context
  const id = idOfNew(context)
  const { server: name } = resourceNames(cluster)
  await ensure(
    context,
    {
      effect: 'rename new server',
      look: async () => {
        const server = await hetzner.servers.get(id, signal)
        return server?.name === name && !isSpare(server) ? 'so' : 'not-so'
      },
      act: async () => {
        const {
          [roleLabel]: _role,
          [swapLabel]: _swap,
          ...labels
        } = (await hetzner.servers.get(id, signal))?.labels ?? {}
        await hetzner.servers.update(id, { name, labels }, signal)
        return undefined
      },
    },
    signal,
  )
  log.resources.server = id
  await log.save()
  return name
}

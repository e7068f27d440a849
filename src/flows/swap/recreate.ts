import type { Step, StepHandle } from '../../progress/index.ts'
import { createServer } from '../up/create-server.ts'
import { inputsOf } from '../up/inputs.ts'
import { checkOld } from './check-old.ts'
import { forgetMachine, type SwapContext } from './context.ts'
import { healthSteps } from './health.ts'
import { takeInventory } from './inventory.ts'
import { ensureVolumeFree } from './moves.ts'
import { ensureOn } from './power.ts'
import { releaseOld } from './release-old.ts'
import { deleteOld } from './remove.ts'
import { titleOf } from './story.ts'

const title = (id: string) => titleOf('recreate', id)
const isGone = ({ record }: SwapContext) => (record.new === undefined ? undefined : 'the new server is there')

/** Delete first, create then: the order of the original design, for those who ask for it by name. */
export function recreateSteps(): Step<SwapContext>[] {
  return [
    { id: 'check-old', title: title('check-old'), skip: isGone, run: checkOld },
    { id: 'release-volume', title: title('release-volume'), skip: isGone, run: releaseOld },
    { id: 'detach-volume', title: title('detach-volume'), skip: isGone, run: detach },
    { id: 'delete-old', title: title('delete-old'), skip: isGone, run: deleteOld },
    { id: 'create-server', title: title('create-server'), run: create },
    ...healthSteps(),
    { id: 'inventory', title: title('inventory'), run: takeInventory },
  ]
}

/** From the old server only: a new one, made by a run that was cut off, keeps it. */
async function detach(context: SwapContext, task: StepHandle): Promise<void> {
  const { hetzner, kept, record } = context
  const holder = (await hetzner.volumes.get(kept.volume, task.signal))?.server ?? null
  if (holder !== null && holder === record.old) await ensureVolumeFree(context, kept.volume, null, task)
}

async function create(context: SwapContext, task: StepHandle): Promise<string> {
  const { record, config, hetzner, log, placements, cluster, project } = context
  forgetMachine(context)
  const there = record.new === undefined ? undefined : await hetzner.servers.get(record.new, task.signal)
  if (there !== undefined) {
    await ensureOn(context, there.id, 'new', task)
    return 'it is there already'
  }
  const made = await createServer(
    {
      config: { ...config, server: { ...config.server, image: record.image } },
      hetzner,
      log,
      plan: { cluster, items: [], placements, monthlyNet: undefined, hourlyDeltaNet: undefined },
      location: placements[0]?.location ?? '',
      fresh: new Set(),
      pending: context.pending,
      server: undefined,
      vault: context.vault,
      made: async fingerprint => {
        log.state.made = { inputs: await inputsOf(project), userData: fingerprint }
      },
    },
    task,
  )
  const { server } = log.resources
  if (server !== undefined) {
    record.new = server
    await log.save()
    await ensureOn(context, server, 'new', task)
  }
  return made
}

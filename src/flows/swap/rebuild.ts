import { CosmosError } from '../../errors.ts'
import { wasReleasedBy } from '../../node/index.ts'
import type { Step, StepHandle } from '../../progress/index.ts'
import { userDataLabel } from '../names.ts'
import { inputsOf } from '../up/inputs.ts'
import { userDataOf } from '../user-data.ts'
import { checkOld } from './check-old.ts'
import { forgetMachine, type SwapContext, swapId } from './context.ts'
import { ensure, pause } from './ensure.ts'
import { healthSteps } from './health.ts'
import { takeInventory } from './inventory.ts'
import { ensureOn } from './power.ts'
import { releaseOld } from './release-old.ts'
import { titleOf } from './story.ts'

const title = (id: string) => titleOf('rebuild', id)
const asked = 'rebuild server'
const ended = 'server is rebuilt'
const isRebuilt = ({ log }: SwapContext) =>
  log.operation?.journal.some(entry => entry.effect === ended) ? 'the server is rebuilt' : undefined
const wasAsked = ({ log }: SwapContext) =>
  log.operation?.journal.some(entry => entry.effect === asked) === true

/** The same server with a new system disk. The volume stays attached: it is released, and the new system mounts it. */
export function rebuildSteps(): Step<SwapContext>[] {
  return [
    { id: 'check-old', title: title('check-old'), skip: isRebuilt, run: checkOld },
    { id: 'look-again', title: 'Look how far the rebuild got', skip: seldom, run: lookAgain },
    { id: 'release-volume', title: title('release-volume'), skip: isRebuilt, run: releaseOld },
    { id: 'rebuild-server', title: title('rebuild-server'), run: rebuild },
    ...healthSteps(),
    { id: 'inventory', title: title('inventory'), run: takeInventory },
  ]
}

function seldom(context: SwapContext): string | undefined {
  return isRebuilt(context) ?? (wasAsked(context) ? undefined : 'it was not asked for yet')
}

/** An earlier run asked for the rebuild and did not see its end. The new system has forgotten who released the volume. */
async function lookAgain(context: SwapContext, task: StepHandle): Promise<string> {
  await settledOn(context, task)
  if (await isOldSystem(context, task)) return 'the old system is still there'
  noteRebuilt(context)
  await context.log.save()
  return 'the new system is there'
}

async function rebuild(context: SwapContext, task: StepHandle): Promise<string | undefined> {
  const { hetzner, record, config, kept, log, project } = context
  const { signal } = task
  const id = idOfOld(context)
  const { encoded, fingerprint } = userDataOf(config, await context.vault(), {
    volumeId: kept.volume,
    address: kept.address,
  })
  log.state.made = { inputs: await inputsOf(project), userData: fingerprint }
  let tried = false
  await ensure(
    context,
    {
      effect: asked,
      look: async () => {
        if (isRebuilt(context)) return 'so'
        if (!tried) return 'not-so'
        await settledOn(context, task)
        if (!(await isOldSystem(context, task))) return 'so'
        await releaseOld(context, task)
        return 'not-so'
      },
      act: async () => {
        tried = true
        record.final = true
        await log.save()
        return hetzner.servers.rebuild(id, { image: record.image, user_data: encoded }, signal)
      },
    },
    signal,
  )
  if (!isRebuilt(context)) noteRebuilt(context)
  await log.save()
  forgetMachine(context)
  await label(context, id, fingerprint, signal)
  await ensureOn(context, id, 'rebuilt', task)
  return record.image
}

function noteRebuilt({ log }: SwapContext): void {
  log.operation?.journal.push({ at: new Date().toISOString(), effect: ended, status: 'done' })
}

/** Nothing is under way on it, and it is on. */
async function settledOn(context: SwapContext, task: StepHandle): Promise<void> {
  const id = idOfOld(context)
  while ((await context.hetzner.servers.get(id, task.signal))?.locked)
    await pause(context.intervalMs, task.signal)
  await ensureOn(context, id, 'old', task)
}

async function isOldSystem(context: SwapContext, task: StepHandle): Promise<boolean> {
  forgetMachine(context)
  const machine = context.machine()
  const { signal, progress } = task
  await machine.waitUntilReachable({
    signal,
    deadlineMs: Math.min(context.deadlineMs, 600_000),
    onAttempt: progress,
  })
  const answer = await machine.read(wasReleasedBy(swapId(context)), { signal, timeoutMs: 60_000 })
  return answer.trim() === 'yes'
}

/** Says on the server what it is made from now. */
async function label(
  { hetzner, log, intervalMs }: SwapContext,
  id: number,
  fingerprint: string,
  signal: AbortSignal,
): Promise<void> {
  const read = async () => (await hetzner.servers.get(id, signal))?.labels ?? {}
  await ensure(
    { hetzner, log, intervalMs },
    {
      effect: 'label rebuilt server',
      look: async () => ((await read())[userDataLabel] === fingerprint ? 'so' : 'not-so'),
      act: async () => {
        await hetzner.servers.update(
          id,
          { labels: { ...(await read()), [userDataLabel]: fingerprint } },
          signal,
        )
        return undefined
      },
    },
    signal,
  )
}

function idOfOld({ record }: SwapContext): number {
  if (record.old !== null) return record.old
  throw new CosmosError('There is no server to rebuild.', {
    code: 'no-server',
    hint: 'Make one: cosmos up',
  })
}

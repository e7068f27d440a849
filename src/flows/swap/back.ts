import { RefusedError } from '../../errors.ts'
import type { Step, StepHandle } from '../../progress/index.ts'
import { fetchKubeconfig, writeKubeconfig } from '../kubeconfig.ts'
import { isDrop } from '../machine.ts'
import { readySteps } from '../ready/steps.ts'
import { releaseVolume, restoreServer } from '../release.ts'
import { forgetMachine, type SwapContext } from './context.ts'
import { takeInventory } from './inventory.ts'
import { ensureVolumeAt, ensureVolumeFree, moveTo } from './moves.ts'
import { ensureOff, ensureOn, shutDown } from './power.ts'
import { deleteServer } from './remove.ts'
import { dropAddress } from './spare.ts'

const hasNoNew = ({ record }: SwapContext) => (record.new === undefined ? 'there is none' : undefined)
const isUntouched = ({ record }: SwapContext) =>
  record.releasing ? undefined : 'it was never asked to let go'

/**
 * Volume and addresses back to the old server, that one back to work, and the new one away. Possible until the old
 * server is rebuilt or deleted.
 */
export function backSteps(): Step<SwapContext>[] {
  return [
    { id: 'release-new', title: 'Release the volume from the new server', skip: hasNoNew, run: releaseNew },
    { id: 'power-off-new', title: 'Power off the new server', skip: hasNoNew, run: powerOffNew },
    { id: 'move-back', title: 'Move volume and addresses back', run: moveBack },
    { id: 'power-on-old', title: 'Power on the old server', run: powerOnOld },
    { id: 'restore-old', title: 'Put the old server back to work', skip: isUntouched, run: restoreOld },
    ...readySteps<SwapContext>(),
    { id: 'fetch-kubeconfig', title: 'Fetch kubeconfig', run: kubeconfig },
    { id: 'delete-new', title: 'Delete the new server', run: deleteNew },
    { id: 'inventory', title: 'Look for what is left over', run: takeInventory },
  ]
}

/** @throws RefusedError `no-way-back` */
export function idOfOld({ record }: Pick<SwapContext, 'record'>): number {
  if (record.old !== null && !record.final) return record.old
  throw new RefusedError('There is no way back: the old server is rebuilt, or deleted.', {
    code: 'no-way-back',
    hint: 'Go on: cosmos swap',
  })
}

/** The new machine lets go, too. One that does not answer has its power button pressed, and is cut off when it ignores that. */
async function releaseNew(context: SwapContext, task: StepHandle): Promise<string> {
  const { record, kept, hetzner, cluster } = context
  const { signal } = task
  const id = record.new ?? 0
  const server = await hetzner.servers.get(id, signal)
  const holder = (await hetzner.volumes.get(kept.volume, signal))?.server
  if (server === undefined || server.status === 'off' || holder !== id) return 'it does not use it'
  const machine = context.machine()
  try {
    await machine.session(signal)
    await releaseVolume(machine, { node: cluster, volumeId: kept.volume }, task)
    return 'nothing can write to it any more'
  } catch (error) {
    if (!isDrop(error)) throw error
    const inOrder = await shutDown(context, id, 'new', task)
    return inOrder ? 'it could not be asked, and was shut down' : 'it never answered, and was cut off'
  } finally {
    forgetMachine(context)
  }
}

async function powerOffNew(context: SwapContext, task: StepHandle): Promise<void> {
  if (context.record.new !== undefined) await ensureOff(context, context.record.new, 'new', task)
}

async function moveBack(context: SwapContext, task: StepHandle): Promise<string> {
  const { hetzner, kept } = context
  const old = idOfOld(context)
  const wanted = [kept.ipv4, kept.ipv6].filter(id => id !== undefined)
  const holders = await Promise.all(wanted.map(id => hetzner.primaryIps.get(id, task.signal)))
  const isHome = holders.every(each => each?.assignee_id === old)
  const volume = await hetzner.volumes.get(kept.volume, task.signal)
  if (isHome && volume?.server === old) return 'they never left'
  if (isHome) {
    await ensureVolumeFree(context, kept.volume, old, task)
    await ensureVolumeAt(context, kept.volume, old, task)
    return kept.address
  }
  await ensureOff(context, old, 'old', task)
  await moveTo(context, old, task)
  return kept.address
}

async function powerOnOld(context: SwapContext, task: StepHandle): Promise<void> {
  forgetMachine(context)
  await ensureOn(context, idOfOld(context), 'old', task)
}

async function restoreOld(context: SwapContext, task: StepHandle): Promise<string> {
  const machine = context.machine()
  const { signal, progress } = task
  await machine.waitUntilReachable({
    signal,
    deadlineMs: Math.min(context.deadlineMs, 600_000),
    onAttempt: progress,
  })
  await restoreServer(machine, context.cluster, task)
  return 'K3s runs, and pods may start'
}

async function kubeconfig(context: SwapContext, { signal }: StepHandle): Promise<string> {
  const text = await fetchKubeconfig(context.machine(), context.cluster, signal)
  await writeKubeconfig(context.kubeconfigPath, text)
  return context.kubeconfigPath
}

async function deleteNew(context: SwapContext, task: StepHandle): Promise<void> {
  const { record, log } = context
  if (record.new !== undefined) await deleteServer(context, record.new, 'new', task.signal)
  delete record.new
  await dropAddress(context, task)
  log.resources.server = idOfOld(context)
  await log.save()
}

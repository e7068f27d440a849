import type { StepHandle } from '../../progress/index.ts'
import { isDrop } from '../machine.ts'
import { releaseVolume } from '../release.ts'
import { unreachable } from './check-old.ts'
import { forgetMachine, type SwapContext, swapId } from './context.ts'
import { pause } from './ensure.ts'
import { shutDown } from './power.ts'

/**
 * Nothing on the old server can write to the volume when this returns. Asked again in every run that finds the volume
 * there and the server on, whatever an earlier run achieved: it may have been started again since.
 */
export async function releaseOld(context: SwapContext, task: StepHandle): Promise<string> {
  const { record, kept, hetzner } = context
  const { signal } = task
  const volume = await hetzner.volumes.get(kept.volume, signal)
  if (record.old === null || volume?.server !== record.old) return 'it is not at the old server any more'
  for (;;) {
    const server = await hetzner.servers.get(record.old, signal)
    if (server === undefined) return 'the old server is gone'
    if (server.status === 'off' && !server.locked) {
      markOutage(context)
      return 'the old server is off'
    }
    if (server.status === 'running' && !server.locked) break
    await pause(context.intervalMs, signal)
  }
  return letGo(context, record.old, task)
}

async function letGo(context: SwapContext, old: number, task: StepHandle): Promise<string> {
  const { record, kept, log, cluster } = context
  try {
    await context.machine().session(task.signal)
  } catch (error) {
    if (!isDrop(error)) throw error
    if (!context.force) throw unreachable(error)
    markOutage(context)
    record.releasing = true
    const inOrder = await shutDown(context, old, 'old', task)
    return inOrder ? 'it could not be asked, and was shut down' : 'it could not be asked, and was cut off'
  }
  record.releasing = true
  await log.save()
  const target = { node: cluster, volumeId: kept.volume, swap: swapId(context) }
  await releaseVolume(context.machine(), { ...target, onOutage: () => markOutage(context) }, task)
  await log.save()
  forgetMachine(context)
  return 'nothing can write to it any more'
}

function markOutage({ record }: SwapContext): void {
  record.outageFrom ??= new Date().toISOString()
}

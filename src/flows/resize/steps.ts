import { CosmosError } from '../../errors.ts'
import { growFileSystem } from '../../node/index.ts'
import type { Step, StepHandle } from '../../progress/index.ts'
import { readySteps } from '../ready/steps.ts'
import { releaseVolume, restoreServer } from '../release.ts'
import { type SwapContext, swapId } from '../swap/context.ts'
import { ensure } from '../swap/ensure.ts'
import { ensureOff, ensureOn } from '../swap/power.ts'
import type { ResizePlan } from './plan.ts'

export type ResizeContext = Omit<SwapContext, 'record' | 'placements'> & { plan: ResizePlan; server: number }

/** The volume first, because it grows while the workload runs; the type after a release, because the server must be off. */
export function resizeSteps({ volume, server }: ResizePlan): Step<ResizeContext>[] {
  return [
    ...(volume === undefined
      ? []
      : [
          { id: 'grow-volume', title: `Grow the volume to ${volume.toGb} GB`, run: growVolume },
          { id: 'grow-file-system', title: 'Grow the file system', run: growFiles },
        ]),
    ...(server === undefined ? [] : typeSteps(server.to)),
  ]
}

function typeSteps(to: string): Step<ResizeContext>[] {
  return [
    { id: 'release-volume', title: 'Release the volume', run: release },
    {
      id: 'power-off',
      title: 'Power off the server',
      run: (context, task) => ensureOff(context, context.server, 'the', task),
    },
    { id: 'change-type', title: `Change the server to ${to}`, run: changeType },
    {
      id: 'power-on',
      title: 'Power on the server',
      run: (context, task) => ensureOn(context, context.server, 'the', task),
    },
    { id: 'restore', title: 'Put the server back to work', run: restore },
    ...readySteps<ResizeContext>(),
  ]
}

async function growVolume(context: ResizeContext, { signal }: StepHandle): Promise<void> {
  const { hetzner, plan } = context
  const { id = 0, toGb = 0 } = plan.volume ?? {}
  await ensure(
    context,
    {
      effect: 'grow volume',
      look: async () => (((await hetzner.volumes.get(id, signal))?.size ?? 0) >= toGb ? 'so' : 'not-so'),
      act: () => hetzner.volumes.resize(id, toGb, signal),
    },
    signal,
  )
}

async function growFiles(context: ResizeContext, { signal }: StepHandle): Promise<string> {
  const session = await context.machine().session(signal)
  const result = await session.run(growFileSystem(context.kept.volume), { signal, timeoutMs: 600_000 })
  if (result.code === 0) return 'while it is in use'
  throw new CosmosError('The volume has grown, but its file system could not be.', {
    code: 'file-system-not-grown',
    hint: 'Look why, then run the same again: cosmos resize. The next swap grows it, too',
    details: result.stdout.trimEnd().split('\n').slice(-10),
  })
}

/** Of a server that is on; one that is off has let go. */
async function release(context: ResizeContext, task: StepHandle): Promise<string> {
  const { hetzner, server, kept, cluster } = context
  const now = await hetzner.servers.get(server, task.signal)
  if (now?.status === 'off') return 'the server is off'
  const target = { node: cluster, volumeId: kept.volume, swap: swapId(context) }
  try {
    await releaseVolume(context.machine(), target, task)
  } catch (error) {
    if (!(error instanceof CosmosError) || error.code !== 'not-released') throw error
    task.progress('putting the server back to work')
    await restoreServer(context.machine(), cluster, task)
    throw new CosmosError(`${error.message} The server is back in service as it was.`, {
      code: error.code,
      exitCode: error.exitCode,
      hint: 'End what holds it, then: cosmos resize',
      details: error.details,
      cause: error,
    })
  }
  context.opened?.close()
  context.opened = undefined
  return 'nothing can write to it any more'
}

/** The disk keeps its size, so that the way to a smaller type stays open. */
async function changeType(context: ResizeContext, { signal }: StepHandle): Promise<void> {
  const { hetzner, server, plan } = context
  const to = plan.server?.to ?? ''
  await ensure(
    context,
    {
      effect: 'change server type',
      look: async () => {
        const now = await hetzner.servers.get(server, signal)
        if (now?.locked) return 'busy'
        return now?.server_type.name === to ? 'so' : 'not-so'
      },
      act: () => hetzner.servers.changeType(server, { server_type: to, upgrade_disk: false }, signal),
    },
    signal,
  )
}

async function restore(context: ResizeContext, task: StepHandle): Promise<void> {
  const machine = context.machine()
  const { signal, progress } = task
  await machine.waitUntilReachable({
    signal,
    deadlineMs: Math.min(context.deadlineMs, 600_000),
    onAttempt: progress,
  })
  await restoreServer(machine, context.cluster, task)
}

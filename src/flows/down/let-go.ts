import { CosmosError, InterruptedError } from '../../errors.ts'
import type { Server } from '../../hetzner/wire.ts'
import type { StepHandle } from '../../progress/step.ts'
import { effect } from '../effects.ts'
import { isDrop, type Machine } from '../machine.ts'
import { releaseVolume } from '../release.ts'
import { pause } from '../swap/ensure.ts'
import { shutDown } from '../swap/power.ts'
import { releaseEffect } from '../unfinished-release.ts'
import type { DownContext } from './context.ts'

/** How long something else may be under way on the server, milliseconds. */
const busyForMs = 5 * 60_000

/** Nothing on the server can write to the volume when this returns. Says why that is so. */
export async function letGo(context: DownContext, task: StepHandle): Promise<string> {
  const { server, attached, force } = context
  if (server === undefined || attached === undefined) return 'the server holds none'
  const standing = await settled(context, server.id, task.signal)
  if (standing !== 'running') return `the server is ${standing}`
  const machine = await connected(context, task).catch(refuseUnless(force))
  try {
    if (machine !== undefined && (await released(context, machine, attached, task)))
      return 'nothing can write to it any more'
  } finally {
    machine?.close()
  }
  const inOrder = await shutDown(context, server.id, 'the', task)
  return inOrder ? 'it could not be asked, and was shut down' : 'it could not be asked, and was cut off'
}

/** What the server does once nothing else is under way on it: one that is off may be about to start. */
async function settled(
  { hetzner, intervalMs }: DownContext,
  id: number,
  signal: AbortSignal,
): Promise<'running' | 'off' | 'gone'> {
  const until = Date.now() + busyForMs
  for (;;) {
    const server = await hetzner.servers.get(id, signal)
    if (server === undefined) return 'gone'
    const { status, locked } = server
    if (!locked && (status === 'running' || status === 'off')) return status
    if (Date.now() > until) throw stillBusy(server)
    await pause(intervalMs, signal)
  }
}

async function connected(context: DownContext, { signal }: StepHandle): Promise<Machine> {
  const machine = await context.machine()
  await machine.session(signal)
  return machine
}

/** @returns whether it let go; false only with `--force`, when the connection is lost for good */
async function released(
  { config, log, force }: DownContext,
  machine: Machine,
  volumeId: number,
  task: StepHandle,
): Promise<boolean> {
  const target = { node: config.name, volumeId, wayBack: 'cosmos up' }
  try {
    await effect(log, releaseEffect, () => releaseVolume(machine, target, task))
    return true
  } catch (error) {
    if (!isDrop(error)) throw error
    refuseUnless(force)(error)
    return false
  }
}

/** What may stand between us and the server: without a word from it, only a flag lets us go on. */
function refuseUnless(force: boolean): (error: unknown) => undefined {
  return error => {
    if (error instanceof InterruptedError) throw error
    if (!force) throw isDrop(error) ? unreachable(error) : error
    return undefined
  }
}

function unreachable(cause: unknown): CosmosError {
  return new CosmosError(
    'The server cannot be reached over SSH, so nobody can make it let go of the volume.',
    {
      code: 'unreachable',
      hint: 'Try again later; or have it shut down, and cut off if it does not react: cosmos down --force',
      cause,
    },
  )
}

function stillBusy({ name, status }: Server): CosmosError {
  return new CosmosError(`Something else is under way on the server ${name}: it is ${status}, or locked.`, {
    code: 'busy',
    hint: 'See where things stand: cosmos status. Then continue: cosmos down',
  })
}

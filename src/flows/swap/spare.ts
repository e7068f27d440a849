import { CosmosError, RefusedError } from '../../errors.ts'
import { ApiActionError, HetznerError } from '../../hetzner/index.ts'
import type { Server } from '../../hetzner/wire.ts'
import type { StepHandle } from '../../progress/index.ts'
import { createOrAdopt } from '../adopt-by-name.ts'
import { effect } from '../effects.ts'
import { clusterLabels, roleLabel, spareNames, swapLabel, userDataLabel } from '../names.ts'
import { waitForFirstBoot } from '../ready/first-boot.ts'
import { inputsOf } from '../up/inputs.ts'
import type { Placement } from '../up/placement.ts'
import { userDataOf } from '../user-data.ts'
import { machineAt, type SwapContext, swapId } from './context.ts'
import { ensureAddressFree } from './moves.ts'
import { ensureOn, shutDown } from './power.ts'
import { deleteServer } from './remove.ts'

/** There is no room for a second server: no stock, or the project's limit is reached. Nothing was given up. */
export class NoSpareError extends CosmosError {}

/** A second server beside the old one, with an address of its own and without the volume. */
export async function createSpare(context: SwapContext, task: StepHandle): Promise<string> {
  const { record, hetzner } = context
  if (record.new !== undefined && (await hetzner.servers.get(record.new, task.signal)) !== undefined)
    return 'it is there already'
  const refusals: string[] = []
  for (const placement of context.placements) {
    task.progress(`${placement.type} in ${placement.location}`)
    try {
      await createAddress(context, placement, task)
      const server = await createAs(context, placement, task)
      return `${server.server_type.name}, ${server.name} (${server.id})`
    } catch (error) {
      if (!isNoRoom(error)) throw error
      refusals.push(`${placement.type} in ${placement.location}: ${error.message}`)
    }
  }
  await dropAddress(context, task)
  throw new NoSpareError('There is no room for a second server, so the old one stays as it is.', {
    code: 'no-spare',
    hint: 'Try another type: cosmos swap --type TYPE. Or rebuild in place: cosmos swap --strategy rebuild',
    details: refusals,
  })
}

function isNoRoom(error: unknown): error is HetznerError {
  const codes = ['resource_unavailable', 'placement_error', 'resource_limit_exceeded']
  return error instanceof HetznerError && codes.includes(error.apiCode)
}

function labelsOf(context: SwapContext): Record<string, string> {
  return {
    ...clusterLabels(context.cluster),
    [roleLabel]: 'spare',
    [swapLabel]: swapId(context),
  }
}

/** Refuses what another swap made. */
function mine<T extends { name: string; labels: Record<string, string> }>(context: SwapContext, found: T): T {
  if (found.labels[swapLabel] === swapId(context)) return found
  throw new RefusedError(`Another swap is under way: it made ${found.name}.`, {
    code: 'swap-elsewhere',
    hint: 'Wait for it, or take it over where nothing is known of it: remove .cosmos/state.json, then: cosmos swap',
  })
}

async function createAddress(
  context: SwapContext,
  { location }: Placement,
  { signal }: StepHandle,
): Promise<void> {
  const { hetzner, log, record, cluster } = context
  if (record.spareIpv4 !== undefined) return
  const { ipv4: name } = spareNames(cluster)
  await effect(
    log,
    'create spare address',
    () =>
      createOrAdopt({
        kind: 'ipv4',
        name,
        cluster,
        create: async () => {
          const body = {
            name,
            type: 'ipv4',
            location,
            auto_delete: false,
            labels: labelsOf(context),
          } as const
          const { primaryIp, actions } = await hetzner.primaryIps.create(body, signal)
          return { item: primaryIp, actions }
        },
        find: wanted => hetzner.primaryIps.list({ name: wanted }, signal),
      }),
    ({ item }) => {
      record.spareIpv4 = mine(context, item).id
    },
  )
}

async function createAs(context: SwapContext, placement: Placement, { signal }: StepHandle): Promise<Server> {
  const { config, hetzner, log, record, cluster, kept } = context
  const { encoded, fingerprint } = userDataOf(config, await context.vault(), {
    volumeId: kept.volume,
    address: kept.address,
  })
  log.state.made = { inputs: await inputsOf(context.project), userData: fingerprint }
  const { server: name } = spareNames(cluster)
  const body = {
    name,
    server_type: placement.type,
    image: record.image,
    location: placement.location,
    ssh_keys: [kept.sshKey],
    firewalls: [{ firewall: kept.firewall }],
    public_net: { enable_ipv4: true, ipv4: record.spareIpv4 ?? null, enable_ipv6: false },
    user_data: encoded,
    labels: { ...labelsOf(context), [userDataLabel]: fingerprint },
  }
  const made = await effect(
    log,
    'create spare server',
    () =>
      createOrAdopt<Server>({
        kind: 'server',
        name,
        cluster,
        create: async () => {
          const { server, actions } = await hetzner.servers.create(body, signal)
          return { item: server, actions }
        },
        find: wanted => hetzner.servers.list({ name: wanted }, signal),
      }),
    ({ item }) => {
      record.new = mine(context, item).id
    },
  )
  try {
    // Its start is seen to by the step that waits for it; a firewall that is not applied is a failure.
    const needed = made.actions.filter(action => action.command !== 'start_server')
    await hetzner.actions.wait(needed, { signal })
  } catch (error) {
    if (!(error instanceof ApiActionError)) throw error
    await deleteServer(context, made.item.id, 'failed', signal)
    delete record.new
    await log.save()
    throw error
  }
  return made.item
}

/** Everything that needs no volume is done while the old server still works: system booted, K3s installed. */
export async function prepareSpare(context: SwapContext, task: StepHandle): Promise<string | undefined> {
  const { record, hetzner, deadlineMs } = context
  const id = idOfNew(context)
  if (record.prepared) return 'it has prepared itself'
  const server = await hetzner.servers.get(id, task.signal)
  const host = server?.public_net.ipv4?.ip
  // Its address is taken from it only when it is through with that.
  if (host === undefined) return 'it has prepared itself'
  await ensureOn(context, id, 'new', task)
  const machine = machineAt(context, host)
  try {
    const onAttempt = task.progress
    await machine.waitUntilReachable({
      signal: task.signal,
      deadlineMs: Math.min(deadlineMs, 600_000),
      onAttempt,
    })
    await waitForFirstBoot(machine, task, context, 'waiting-for-volume')
    record.prepared = true
    await context.log.save()
    return 'it waits for the volume'
  } finally {
    machine.close()
  }
}

/** Shut down in order, and without an address, before the outage begins: all that is left is to plug in and power on. */
export async function parkSpare(context: SwapContext, task: StepHandle): Promise<string | undefined> {
  const { record, log } = context
  if (record.parked) return 'it is parked'
  await shutDown(context, idOfNew(context), 'new', task)
  await dropAddress(context, task)
  record.parked = true
  await log.save()
  return undefined
}

/** The spare's own address, no longer needed. */
export async function dropAddress(context: SwapContext, task: StepHandle): Promise<void> {
  const { record, hetzner, log } = context
  const { spareIpv4 } = record
  if (spareIpv4 === undefined) return
  await ensureAddressFree(context, spareIpv4, null, task)
  await effect(log, 'delete spare address', () => hetzner.primaryIps.delete(spareIpv4, task.signal))
  delete record.spareIpv4
  await log.save()
}

export function idOfNew({ record }: SwapContext): number {
  if (record.new !== undefined) return record.new
  throw new CosmosError('The new server is not known.', {
    code: 'incomplete',
    hint: 'Go back to the old one: cosmos swap --back',
  })
}

import { CosmosError } from '../../errors.ts'
import { ApiActionError, HetznerError } from '../../hetzner/index.ts'
import type { Action, CreateServerBody, Server } from '../../hetzner/wire.ts'
import type { StepHandle } from '../../progress/step.ts'
import type { Resources } from '../../state/state.ts'
import { createOrAdopt } from '../adopt-by-name.ts'
import { effect } from '../effects.ts'
import { clusterLabels, resourceNames, userDataLabel } from '../names.ts'
import { userDataOf } from '../user-data.ts'
import type { UpContext } from './context.ts'
import { createAddress, createVolume } from './create.ts'
import type { Placement } from './placement.ts'

/**
 * Creates the server with everything attached, as the first type that Hetzner can really place.
 * The stock list is only a hint: a 412, now or as a failed action, leads to the next type, then to the next location
 * as long as volume and addresses were made by this very run and hold nothing.
 */
export async function createServer(context: UpContext, task: StepHandle): Promise<string> {
  const refusals: string[] = []
  let last: unknown
  for (const placement of context.plan.placements) {
    if (placement.location !== context.location) {
      if (!isMovable(context)) break
      await moveTo(context, placement.location, task)
    }
    task.progress(`${placement.type} in ${placement.location}`)
    try {
      const server = await createAs(context, placement, task)
      context.server = server
      return `${server.server_type.name} in ${server.location.name}, ${server.public_net.ipv4?.ip ?? 'without IPv4'}`
    } catch (error) {
      if (!isOutOfStock(error)) throw error
      last = error
      refusals.push(`${placement.type} in ${placement.location}: not available right now`)
      task.log(`No capacity for ${placement.type} in ${placement.location}; trying the next choice.`)
    }
  }
  throw new CosmosError('Hetzner has no capacity for any of the wanted server types.', {
    code: 'out-of-stock',
    hint: 'Add a type or a location to cosmos.yaml, or try again later: cosmos up',
    details: refusals,
    cause: last,
  })
}

async function createAs(context: UpContext, placement: Placement, task: StepHandle): Promise<Server> {
  const { hetzner, log, config } = context
  const body = await serverBody(context, placement)
  const made = await effect(
    log,
    'create server',
    () =>
      createOrAdopt<Server>({
        kind: 'server',
        name: body.name,
        cluster: config.name,
        create: async () => {
          const { server, actions } = await hetzner.servers.create(body, task.signal)
          return { item: server, actions }
        },
        find: name => hetzner.servers.list({ name }, task.signal),
      }),
    ({ item }, resources) => {
      resources.server = item.id
    },
  )
  const created = made.actions.filter(action => action.command === 'create_server')
  try {
    await hetzner.actions.wait(created, { signal: task.signal })
  } catch (error) {
    await forgetFailed(context, made.item.id, error, task)
    throw error
  }
  context.pending.push(...made.actions.filter(action => !created.includes(action)))
  return made.item
}

/** After a failed creation the server may be gone or left as a shell; it never ran, so ours is cleared away. */
async function forgetFailed(context: UpContext, id: number, error: unknown, task: StepHandle): Promise<void> {
  if (!(error instanceof ApiActionError)) return
  const { hetzner, log } = context
  const left = await hetzner.servers.get(id, task.signal)
  if (left !== undefined) {
    const action = await effect(log, 'delete failed server', () => hetzner.servers.delete(id, task.signal))
    await hetzner.actions.wait(asList(action), { signal: task.signal })
  }
  delete log.resources.server
  await log.save()
}

async function serverBody(context: UpContext, placement: Placement): Promise<CreateServerBody> {
  const { config, log } = context
  const ids = requireIds(log.resources)
  const { encoded, fingerprint } = userDataOf(config, await context.vault(), {
    volumeId: ids.volume,
    address: ids.address,
  })
  await context.made(fingerprint)
  const { ipv6 } = log.resources
  return {
    name: resourceNames(config.name).server,
    server_type: placement.type,
    image: config.server.image,
    location: placement.location,
    ssh_keys: [ids.sshKey],
    firewalls: [{ firewall: ids.firewall }],
    volumes: [ids.volume],
    automount: false,
    public_net: { enable_ipv4: true, ipv4: ids.ipv4, enable_ipv6: ipv6 !== undefined, ipv6: ipv6 ?? null },
    user_data: encoded,
    labels: { ...clusterLabels(config.name), [userDataLabel]: fingerprint },
  }
}

function requireIds(resources: Resources) {
  const { sshKey, firewall, volume, ipv4, address } = resources
  if (
    sshKey === undefined ||
    firewall === undefined ||
    volume === undefined ||
    ipv4 === undefined ||
    address === undefined
  ) {
    throw new CosmosError('The server cannot be made: something it needs is missing.', {
      code: 'incomplete',
      hint: 'Look at what is there, then try again: cosmos up --plan',
    })
  }
  return { sshKey, firewall, volume, ipv4, address }
}

function isOutOfStock(error: unknown): boolean {
  if (error instanceof HetznerError)
    return error.apiCode === 'resource_unavailable' || error.apiCode === 'placement_error'
  return error instanceof ApiActionError && error.apiCode === 'resource_unavailable'
}

/** Volume and addresses can be given back only when this run made them: they never held anything. */
function isMovable({ fresh, config }: UpContext): boolean {
  return fresh.has('volume') && fresh.has('ipv4') && (!config.network.ipv6 || fresh.has('ipv6'))
}

async function moveTo(context: UpContext, location: string, task: StepHandle): Promise<void> {
  const { hetzner, log, fresh } = context
  const { resources } = log
  task.log(`Moving on to ${location}: the empty volume and the addresses are made anew there.`)
  const { volume, ipv4, ipv6 } = resources
  if (volume !== undefined)
    await effect(log, 'delete empty volume', () => hetzner.volumes.delete(volume, task.signal))
  if (ipv4 !== undefined)
    await effect(log, 'delete unused ipv4', () => hetzner.primaryIps.delete(ipv4, task.signal))
  if (ipv6 !== undefined)
    await effect(log, 'delete unused ipv6', () => hetzner.primaryIps.delete(ipv6, task.signal))
  for (const key of ['volume', 'ipv4', 'ipv6', 'address'] as const) delete resources[key]
  fresh.clear()
  context.location = location
  await Promise.all([
    createVolume(context, task),
    createAddress(context, 'ipv4', task),
    ...(context.config.network.ipv6 ? [createAddress(context, 'ipv6', task)] : []),
  ])
}

function asList(action: Action | undefined): Action[] {
  return action === undefined ? [] : [action]
}

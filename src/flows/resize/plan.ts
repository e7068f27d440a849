import { RefusedError, UsageError } from '../../errors.ts'
import type { Pricing, Server, ServerType, Volume } from '../../hetzner/wire.ts'
import { volumeMonthlyNet } from '../costs.ts'

export type ResizePlan = {
  cluster: string
  /** Undefined when the volume stays as it is. */
  volume?: { id: number; fromGb: number; toGb: number }
  /** Undefined when the type stays as it is. */
  server?: { id: number; from: string; to: string }
  /** EUR per month without VAT; undefined while a price is unknown. */
  monthlyDeltaNet: number | undefined
}

export type ResizeInput = {
  cluster: string
  server: Server
  volume: Volume
  serverTypes: readonly ServerType[]
  prices: Pricing | undefined
  wanted: { type?: string | undefined; volumeGb?: number | undefined }
}

/**
 * What `resize` would do. Pure.
 * @throws UsageError `volume-shrinks`, `unknown-server-type`; RefusedError `needs-swap` for what only a new machine can be,
 * or `out-of-stock`
 */
export function planResize({
  cluster,
  server,
  volume,
  serverTypes,
  prices,
  wanted,
}: ResizeInput): ResizePlan {
  const plan: ResizePlan = { cluster, monthlyDeltaNet: 0 }
  let delta = 0
  if (wanted.volumeGb !== undefined && wanted.volumeGb !== volume.size) {
    if (wanted.volumeGb < volume.size) throw shrinks(volume.size, wanted.volumeGb)
    plan.volume = { id: volume.id, fromGb: volume.size, toGb: wanted.volumeGb }
    delta += volumeMonthlyNet(prices, wanted.volumeGb - volume.size) ?? Number.NaN
  }
  if (wanted.type !== undefined && wanted.type !== server.server_type.name) {
    const type = serverTypes.find(each => each.name === wanted.type)
    if (type === undefined) throw unknownType(wanted.type, serverTypes)
    checkType(server, type)
    plan.server = { id: server.id, from: server.server_type.name, to: type.name }
    delta += priceIn(type, server.location.name) - priceIn(server.server_type, server.location.name)
  }
  plan.monthlyDeltaNet = Number.isFinite(delta) ? delta : undefined
  return plan
}

function priceIn(type: ServerType, location: string): number {
  return Number(type.prices.find(each => each.location === location)?.price_monthly.net)
}

/** Source of the rules: facts/hetzner-api.md §3, `change_type`. */
function checkType(server: Server, type: ServerType): void {
  const present = server.server_type
  const place = server.location.name
  const offer = type.locations.find(each => each.name === place)
  const reason =
    type.architecture !== present.architecture
      ? `it is ${type.architecture}, and the server is ${present.architecture}`
      : type.storage_type !== present.storage_type
        ? 'it has another kind of storage'
        : type.disk < server.primary_disk_size
          ? `its disk of ${type.disk} GB is smaller than the server's ${server.primary_disk_size} GB`
          : undefined
  if (reason !== undefined) {
    throw new RefusedError(`The server cannot be changed to ${type.name}: ${reason}.`, {
      code: 'needs-swap',
      hint: `A new machine can be of any type: cosmos swap --type ${type.name}`,
    })
  }
  if (offer?.available) return
  throw new RefusedError(`${type.name} is not in stock in ${place}, and nothing was changed.`, {
    code: 'out-of-stock',
    hint: 'Try another type, or try again later: cosmos resize --type TYPE',
  })
}

function shrinks(fromGb: number, toGb: number): UsageError {
  return new UsageError(`The volume has ${fromGb} GB and cannot shrink to ${toGb} GB.`, {
    code: 'volume-shrinks',
    hint: `Volumes only grow: cosmos resize --volume ${fromGb + 10}`,
  })
}

function unknownType(name: string, serverTypes: readonly ServerType[]): UsageError {
  return new UsageError(`Hetzner has no server type "${name}".`, {
    code: 'unknown-server-type',
    hint: `There are: ${serverTypes.map(each => each.name).join(', ')}`,
  })
}

import { CosmosError } from '../../errors.ts'
import type { Pricing, Server, ServerType, Volume } from '../../hetzner/wire.ts'
import type { ProgressEvent } from '../../progress/events.ts'
import { addressMonthlyNet, hourlyFromMonthly } from '../costs.ts'
import type { Placement } from '../up/placement.ts'
import { chooseStrategy } from './choose.ts'
import { type Expected, expectedOutage } from './expected.ts'
import { type Chapter, type Strategy, stories } from './story.ts'

export type SwapPlan = {
  cluster: string
  strategy: Strategy
  reasons: string[]
  from: { id: number; name: string; type: string; image: string; location: string }
  /** Types that are tried in this order, and the image. */
  to: { types: string[]; image: string }
  volume: { id: number; name: string; sizeGb: number }
  steps: readonly Chapter[]
  outage: Expected
  /** EUR without VAT; undefined while a price is unknown. */
  cost: { monthlyDeltaNet: number | undefined; onceNet: number | undefined }
}

export type SwapPlanInput = {
  cluster: string
  server: Server
  volume: Volume
  wanted: { strategy: Strategy | 'auto'; types: readonly string[]; image: string }
  /** What can be ordered now where the volume is, best first. */
  placements: readonly Placement[]
  serverTypes: readonly ServerType[]
  prices: Pricing | undefined
  history: readonly ProgressEvent[]
}

/**
 * What `swap` would do. Pure.
 * @throws CosmosError `no-way-to-swap` when no strategy is possible
 */
export function planSwap(input: SwapPlanInput): SwapPlan {
  const { server, volume, wanted, placements } = input
  const choice = chooseStrategy({
    wanted: wanted.strategy,
    inStock: placements.map(each => each.type),
    types: wanted.types,
    currentType: server.server_type.name,
  })
  if (choice === undefined) throw noWay(input)
  const { strategy, reasons } = choice
  const types = strategy === 'rebuild' ? [server.server_type.name] : placements.map(each => each.type)
  return {
    cluster: input.cluster,
    strategy,
    reasons,
    from: {
      id: server.id,
      name: server.name,
      type: server.server_type.name,
      image: server.image?.name ?? 'an own image',
      location: server.location.name,
    },
    to: { types, image: wanted.image },
    volume: { id: volume.id, name: volume.name, sizeGb: volume.size },
    steps: stories[strategy],
    outage: expectedOutage(strategy, input.history),
    cost: costOf(strategy, input),
  }
}

function costOf(strategy: Strategy, { server, placements, prices }: SwapPlanInput): SwapPlan['cost'] {
  const location = server.location.name
  const before = server.server_type.prices.find(each => each.location === location)?.price_monthly.net
  const [first] = placements
  const after = strategy === 'rebuild' ? Number(before) : (first?.monthlyNet ?? Number.NaN)
  const address = addressMonthlyNet(prices, 'ipv4', location)
  const delta = after - Number(before)
  // Servers and addresses are billed by the hour begun: the second ones for one.
  const once =
    strategy === 'replace' ? (first?.hourlyNet ?? Number.NaN) + hourlyFromMonthly(address ?? Number.NaN) : 0
  return {
    monthlyDeltaNet: Number.isFinite(delta) ? delta : undefined,
    onceNet: Number.isFinite(once) ? once : undefined,
  }
}

function noWay({ server, wanted, serverTypes }: SwapPlanInput): CosmosError {
  const location = server.location.name
  const alternatives = serverTypes
    .filter(type => type.locations.some(each => each.name === location && each.available))
    .map(type => type.name)
  const hint =
    wanted.strategy === 'rebuild'
      ? `A rebuild keeps the type (${server.server_type.name}). To change it: cosmos swap --strategy replace`
      : alternatives.length > 0
        ? `Take one that is in stock: cosmos swap --type ${alternatives[0]}`
        : 'Try again later: cosmos swap'
  return new CosmosError(
    wanted.strategy === 'rebuild'
      ? `The server cannot be rebuilt as ${wanted.types.join(' or ')}.`
      : `No ${wanted.types.join(' or ')} is in stock in ${location}, and nothing was changed.`,
    {
      code: 'no-way-to-swap',
      hint,
      details: alternatives.length > 0 ? [`In stock in ${location}: ${alternatives.join(', ')}`] : [],
    },
  )
}

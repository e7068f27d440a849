import type { Config } from '../../config/schema.ts'
import { CosmosError, UsageError } from '../../errors.ts'
import type { ServerType } from '../../hetzner/wire.ts'

/** A server type in a location, with what it costs there. */
export type Placement = {
  location: string
  type: string
  architecture: 'x86' | 'arm'
  monthlyNet: number
  hourlyNet: number
}

/**
 * Every wanted type in every wanted location that is in stock now, best first: location before type,
 * because moving to another location is possible only while there is no volume.
 * @param fixedLocation where volume or address already are; nothing else comes into question then.
 * @throws UsageError for a type or location that does not exist; CosmosError `out-of-stock` with a table of what there is.
 */
export function placements(
  config: Config,
  serverTypes: readonly ServerType[],
  now: Date,
  fixedLocation?: string,
): [Placement, ...Placement[]] {
  const locations = fixedLocation === undefined ? config.locations : [fixedLocation]
  checkLocations(locations, serverTypes)
  checkTypes(config.server.types, serverTypes)
  const found: Placement[] = []
  for (const location of locations) {
    for (const name of config.server.types) {
      const type = serverTypes.find(each => each.name === name)
      if (type && isOffered(type, location, now)) found.push(placement(type, location))
    }
  }
  const [first, ...rest] = found
  if (first === undefined) throw outOfStock(config, locations, serverTypes, now)
  return [first, ...rest]
}

function isOffered(type: ServerType, location: string, now: Date): boolean {
  const offer = type.locations.find(each => each.name === location)
  if (offer === undefined || !offer.available) return false
  const gone = offer.deprecation?.unavailable_after
  return gone === undefined || new Date(gone) > now
}

function placement(type: ServerType, location: string): Placement {
  const price = type.prices.find(each => each.location === location)
  return {
    location,
    type: type.name,
    architecture: type.architecture,
    monthlyNet: Number(price?.price_monthly.net ?? Number.NaN),
    hourlyNet: Number(price?.price_hourly.net ?? Number.NaN),
  }
}

function checkLocations(wanted: readonly string[], serverTypes: readonly ServerType[]): void {
  const known = new Set(serverTypes.flatMap(type => type.locations.map(location => location.name)))
  const unknown = wanted.filter(name => !known.has(name))
  if (unknown.length === 0) return
  throw new UsageError(`Hetzner has no location ${unknown.map(name => `"${name}"`).join(', ')}.`, {
    code: 'unknown-location',
    hint: `Put some of these under "locations" in cosmos.yaml: ${[...known].sort().join(', ')}`,
  })
}

function checkTypes(wanted: readonly string[], serverTypes: readonly ServerType[]): void {
  const known = new Set(serverTypes.map(type => type.name))
  const unknown = wanted.filter(name => !known.has(name))
  if (unknown.length === 0) return
  throw new UsageError(`Hetzner has no server type ${unknown.map(name => `"${name}"`).join(', ')}.`, {
    code: 'unknown-server-type',
    hint: `Put some of these under "server.types" in cosmos.yaml: ${[...known].sort().join(', ')}`,
  })
}

/** Says what was wanted and what could be had instead, cheapest first. */
export function outOfStock(
  config: Config,
  locations: readonly string[],
  serverTypes: readonly ServerType[],
  now: Date,
  cause?: unknown,
): CosmosError {
  const alternatives = serverTypes
    .flatMap(type =>
      locations.filter(location => isOffered(type, location, now)).map(location => placement(type, location)),
    )
    .filter(each => !config.server.types.includes(each.type))
    .sort((a, b) => a.monthlyNet - b.monthlyNet)
  const rows = alternatives
    .slice(0, 12)
    .map(
      each =>
        `${each.type.padEnd(8)} ${each.location.padEnd(6)} ${each.architecture.padEnd(4)} ${each.monthlyNet.toFixed(2).padStart(8)} EUR/month`,
    )
  return new CosmosError(
    `None of ${config.server.types.join(', ')} is in stock in ${locations.join(', ')}.`,
    {
      code: 'out-of-stock',
      hint:
        alternatives.length > 0
          ? 'Add one of these to "server.types" in cosmos.yaml, then: cosmos up'
          : 'Add a location to cosmos.yaml, or try again later: cosmos up',
      details: rows.length > 0 ? ['In stock there now:', ...rows] : ['Nothing at all is in stock there now.'],
      cause,
    },
  )
}

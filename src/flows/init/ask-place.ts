import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import { answer, mayAsk } from './ask.ts'
import type { Cloud } from './cloud.ts'
import type { InitFlags } from './flags.ts'
import { neighbours, type Offer, offersIn, recommended, usualLocation } from './offers.ts'

export type Place = {
  locations: string[]
  serverTypes: string[] /** What is paid if the first of both is had. */
  offer: Offer
}

/** Asks where and on what: locations and types from live stock, with what they cost there. */
export async function askPlace(cli: Cli, flags: InitFlags, cloud: Cloud): Promise<Place> {
  const locations = await askLocations(cli, flags, cloud)
  const [first = ''] = locations
  const offers = offersIn(first, cloud.serverTypes)
  const serverTypes = await answer(cli, {
    flag: 'type',
    what: 'server types in order of preference',
    given: flags.type,
    preset: recommended(offers),
    ask: () => chooseTypes(cli, offers),
  })
  refuseUnknown(
    'type',
    serverTypes,
    cloud.serverTypes.map(each => each.name),
  )
  const wanted = serverTypes.flatMap(type => offers.filter(each => each.type === type))
  const offer = wanted.find(each => each.inStock) ?? wanted[0]
  if (offer === undefined) {
    throw new UsageError(`${first} does not offer ${serverTypes.join(', ')}.`, {
      code: 'type-not-offered',
      hint: `It offers: --type ${offers.map(each => each.type).join(' --type ')}`,
    })
  }
  if (!offer.inStock) cli.note(`None of ${serverTypes.join(', ')} is in stock in ${first} right now.`)
  return { locations, serverTypes, offer }
}

async function askLocations(
  cli: Cli,
  flags: InitFlags,
  { locations, serverTypes }: Cloud,
): Promise<string[]> {
  const usual = usualLocation(locations, serverTypes)
  const chosen = await answer(cli, {
    flag: 'location',
    what: 'locations in order of preference',
    given: flags.location,
    preset: usual === undefined ? undefined : [usual, ...neighbours(usual, locations)],
    ask: async () => {
      const { choose } = await import('../prompts.ts')
      const choices = locations.map(each => ({
        value: each.name,
        short: each.name,
        name: `${each.name.padEnd(5)} ${each.city}, ${each.country}`,
      }))
      const first = await choose('Location (fixed once the volume exists):', choices, cli.signal, {
        default: usual,
      })
      return [first, ...(await askNeighbours(cli, first, neighbours(first, locations)))]
    },
  })
  refuseUnknown(
    'location',
    chosen,
    locations.map(each => each.name),
  )
  return chosen
}

async function askNeighbours(cli: Cli, first: string, others: string[]): Promise<string[]> {
  if (others.length === 0 || !mayAsk(cli)) return []
  const { confirm } = await import('../prompts.ts')
  const question = `If ${first} has no stock, may it be ${others.join(' or ')}, in the same country?`
  return (await confirm(question, cli.signal, { default: true })) ? others : []
}

async function chooseTypes(cli: Cli, offers: readonly Offer[]): Promise<string[]> {
  const { chooseMany } = await import('../prompts.ts')
  const usual = recommended(offers)
  return chooseMany(
    'Server types (the cheapest of these in stock is taken):',
    offers.map(each => ({
      value: each.type,
      name: offerLine(each),
      short: each.type,
      checked: usual.includes(each.type),
    })),
    cli.signal,
  )
}

/** One row of the table of types, aligned with the others. */
export function offerLine(offer: Offer): string {
  const { type, cores, memoryGb, diskGb, architecture, monthlyGross, inStock } = offer
  const numbers = `${String(cores).padStart(2)} cores ${String(memoryGb).padStart(3)} GB ${String(diskGb).padStart(4)} GB disk`
  const price = `EUR ${monthlyGross.toFixed(2).padStart(7)}/month`
  return `${type.padEnd(6)} ${numbers}  ${architecture.padEnd(3)}  ${price}${inStock ? '' : '  not in stock now'}`
}

function refuseUnknown(flag: string, named: readonly string[], known: readonly string[]): void {
  const unknown = named.filter(each => !known.includes(each))
  if (unknown.length === 0) return
  throw new UsageError(`Hetzner has no ${flag} ${unknown.map(each => `"${each}"`).join(', ')}.`, {
    code: `unknown-${flag}`,
    hint: `There are: ${[...known].sort().join(', ')}`,
  })
}

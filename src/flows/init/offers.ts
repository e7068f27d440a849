import type { Location, ServerType } from '../../hetzner/wire.ts'

/** A server type as it can be had in one location. */
export type Offer = {
  type: string
  cores: number
  memoryGb: number
  diskGb: number
  architecture: 'x86' | 'arm'
  /** Per month with VAT. */
  monthlyGross: number
  /** Hetzner's hint that one can be had now. */
  inStock: boolean
}

/** Everything a location offers and will go on offering, cheapest first. */
export function offersIn(location: string, types: readonly ServerType[]): Offer[] {
  return types
    .flatMap((type): Offer[] => {
      const place = type.locations.find(each => each.name === location)
      const price = type.prices.find(each => each.location === location)
      if (place === undefined || place.deprecation !== null || price === undefined) return []
      return [
        {
          type: type.name,
          cores: type.cores,
          memoryGb: type.memory,
          diskGb: type.disk,
          architecture: type.architecture,
          monthlyGross: Number(price.price_monthly.gross),
          inStock: place.available,
        },
      ]
    })
    .sort((a, b) => a.monthlyGross - b.monthlyGross || a.type.localeCompare(b.type))
}

/** K3s, Argo CD and a few workloads need about this much. */
const enough = { cores: 2, memoryGb: 4 }

/** What to take when nobody says: the three cheapest that are big enough, in stock where possible, of one architecture. */
export function recommended(offers: readonly Offer[]): string[] {
  const big = offers.filter(each => each.cores >= enough.cores && each.memoryGb >= enough.memoryGb)
  const inStock = big.filter(each => each.inStock)
  const [first, ...rest] = inStock.length > 0 ? inStock : big.length > 0 ? big : offers
  if (first === undefined) return []
  const alike = rest.filter(each => each.architecture === first.architecture)
  return [first, ...alike].slice(0, 3).map(each => each.type)
}

/** Where to go when nobody says: Nuremberg, else the first location with stock. */
export function usualLocation(
  locations: readonly Location[],
  types: readonly ServerType[],
): string | undefined {
  const stocked = locations.filter(each => offersIn(each.name, types).some(offer => offer.inStock))
  const candidates = stocked.length > 0 ? stocked : locations
  return (candidates.find(each => each.name === 'nbg1') ?? candidates[0])?.name
}

/** Further locations in the same country: data does not leave it when the first has no stock. */
export function neighbours(location: string, locations: readonly Location[]): string[] {
  const country = locations.find(each => each.name === location)?.country
  return locations.filter(each => each.country === country && each.name !== location).map(each => each.name)
}

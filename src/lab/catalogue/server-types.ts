import type { ServerType } from '../../hetzner/wire.ts'
import { locationNamed } from './locations.ts'
import { hourly, price } from './money.ts'

/** A server type without its live stock. */
export type CatalogueType = Omit<ServerType, 'locations'> & { offeredIn: string[] }

const eu = ['fsn1', 'nbg1', 'hel1']
const euAndSingapore = [...eu, 'sin']
const everywhere = [...eu, 'ash', 'hil', 'sin']
const terabyte = 1_099_511_627_776

type Line = [
  id: number,
  name: string,
  cores: number,
  memoryGb: number,
  diskGb: number,
  monthly: number,
  offeredIn: string[],
]

/**
 * The types that can be ordered late in 2026. Ids of cx23, cax11 and cax21 and the monthly prices of cx23, cx33, cax11, cpx12,
 * cpx22, cpx32 and ccx13 were seen by others; cx and cax exist in the EU only (changelog of 2025-10-16). The rest is guessed.
 */
const lines: Line[] = [
  [114, 'cx23', 2, 4, 40, 5.49, eu],
  [115, 'cx33', 4, 8, 80, 8.49, eu],
  [116, 'cx43', 8, 16, 160, 15.99, eu],
  [117, 'cx53', 16, 32, 320, 29.99, eu],
  [108, 'cpx12', 1, 2, 40, 11.49, euAndSingapore],
  [109, 'cpx22', 2, 4, 80, 19.49, euAndSingapore],
  [110, 'cpx32', 4, 8, 160, 35.49, euAndSingapore],
  [45, 'cax11', 2, 4, 40, 5.99, eu],
  [93, 'cax21', 4, 8, 80, 10.49, eu],
  [94, 'cax31', 8, 16, 160, 20.49, eu],
  [96, 'ccx13', 2, 8, 80, 42.99, everywhere],
  [97, 'ccx23', 4, 16, 160, 84.99, everywhere],
]

export const serverTypes: readonly CatalogueType[] = lines.map(type).sort((a, b) => a.id - b.id)

function type([id, name, cores, memory, disk, monthly, offeredIn]: Line): CatalogueType {
  const dedicated = name.startsWith('ccx')
  return {
    id,
    name,
    description: name.toUpperCase(),
    cores,
    memory,
    disk,
    // Deprecated itself, still sent: clients of 2024 read it. Source: OpenAPI text of 2026-07 · documented
    deprecated: false,
    prices: offeredIn.map(location => ({
      location,
      price_hourly: price(hourly(monthly)),
      price_monthly: price(monthly),
      included_traffic: eu.includes(location) ? 20 * terabyte : terabyte,
      price_per_tb_traffic: price(location === 'sin' ? 7.4 : 1),
    })),
    storage_type: 'local',
    cpu_type: dedicated ? 'dedicated' : 'shared',
    category: dedicated
      ? 'General Purpose'
      : name.startsWith('cpx')
        ? 'Regular Performance'
        : 'Cost-Optimized',
    architecture: name.startsWith('cax') ? 'arm' : 'x86',
    deprecation: null,
    offeredIn,
  }
}

/** @param wanted id or name, as JSON number or string. */
export function findServerType(wanted: string | number): CatalogueType | undefined {
  return serverTypes.find(({ id, name }) => name === wanted || String(id) === String(wanted))
}

export function serverTypeNamed(name: string): CatalogueType {
  const found = findServerType(name)
  if (!found) throw new RangeError(`The catalogue has no server type ${name}.`)
  return found
}

/** The type on the wire. @param isAvailable live stock by `type@location`; only a hint, as the service says. */
export function withStock(entry: CatalogueType, isAvailable: (key: string) => boolean): ServerType {
  const { offeredIn, ...wire } = entry
  return {
    ...wire,
    locations: offeredIn.map(name => {
      const available = isAvailable(stockKey(entry.name, name))
      return { id: locationNamed(name).id, name, deprecation: null, recommended: available, available }
    }),
  }
}

export function stockKey(type: string, location: string): string {
  return `${type}@${location}`
}

import type { Location, Pricing, ServerType } from '../../../src/hetzner/wire.ts'

const location = (id: number, name: string, city: string, country: string): Location => ({
  ...{ id, name, description: name, country, city, latitude: 0, longitude: 0 },
  network_zone: 'eu-central',
})

export const locations = [
  location(1, 'fsn1', 'Falkenstein', 'DE'),
  location(2, 'nbg1', 'Nuremberg', 'DE'),
  location(3, 'hel1', 'Helsinki', 'FI'),
]

const price = (gross: number) => ({ net: (gross / 1.19).toFixed(10), gross: gross.toFixed(16) })

type Options = { memory?: number; architecture?: 'x86' | 'arm'; inStock?: boolean; at?: string[] }

/** A server type with two cores at a monthly price with VAT. */
export function serverType(name: string, monthlyGross: number, options: Options = {}): ServerType {
  const { memory = 4, architecture = 'x86', inStock = true, at = locations.map(each => each.name) } = options
  return {
    ...{ id: monthlyGross * 100, name, description: name, cores: 2, memory, disk: 40, architecture },
    storage_type: 'local',
    cpu_type: 'shared',
    prices: at.map(place => ({
      location: place,
      price_hourly: price(monthlyGross / 730),
      price_monthly: price(monthlyGross),
      included_traffic: 0,
      price_per_tb_traffic: price(1),
    })),
    locations: locations
      .filter(each => at.includes(each.name))
      .map(each => ({
        id: each.id,
        name: each.name,
        deprecation: null,
        recommended: true,
        available: inStock,
      })),
  }
}

export const pricing: Pricing = {
  currency: 'EUR',
  vat_rate: '19.000000',
  primary_ips: [
    {
      type: 'ipv4',
      prices: locations.map(each => ({
        location: each.name,
        price_hourly: price(0.001),
        price_monthly: price(0.595),
      })),
    },
  ],
  floating_ips: [],
  floating_ip: { price_monthly: price(3) },
  image: { price_per_gb_month: price(0.01) },
  volume: { price_per_gb_month: price(0.0524) },
  server_backup: { percentage: '20.0' },
  server_types: [],
  load_balancer_types: [],
}

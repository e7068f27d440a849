import type { Pricing } from '../../hetzner/wire.ts'
import { locations } from './locations.ts'
import { hourly, price, vatRate } from './money.ts'
import { serverTypes } from './server-types.ts'

const everywhere = locations.map(({ name }) => name)

/**
 * `GET /pricing`. The IPv4 price was seen by others, the rest is guessed.
 * floating_ips needs as many entries as primary_ips, or hcloud-go panics (schema_gen.go:807) · verified in its source.
 */
export const pricing: Pricing = {
  currency: 'EUR',
  vat_rate: vatRate,
  primary_ips: [
    { type: 'ipv4', prices: everywhere.map(location => ipPrice(location, 0.5)) },
    { type: 'ipv6', prices: everywhere.map(location => ipPrice(location, 0)) },
  ],
  floating_ips: [
    { type: 'ipv4', prices: everywhere.map(location => ({ location, price_monthly: price(3) })) },
    { type: 'ipv6', prices: everywhere.map(location => ({ location, price_monthly: price(1) })) },
  ],
  // Deprecated since 2024-08-29, still sent. Source: changelog · documented
  floating_ip: { price_monthly: price(3) },
  image: { price_per_gb_month: price(0.0143) },
  volume: { price_per_gb_month: price(0.0572) },
  server_backup: { percentage: '20.0000000000' },
  server_types: serverTypes.map(({ id, name, prices }) => ({ id, name, prices })),
  load_balancer_types: [],
}

function ipPrice(location: string, monthly: number) {
  return { location, price_hourly: price(hourly(monthly)), price_monthly: price(monthly) }
}

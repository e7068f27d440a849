import type { Pricing } from '../../hetzner/wire.ts'
import type { Offer } from './offers.ts'

export type CostLine = { what: string; monthlyGross: number }

/** What a project costs per month with VAT: server, address and volume. IPv6 and firewall cost nothing. */
export function monthlyCosts(
  offer: Offer,
  location: string,
  volumeSizeGb: number,
  prices: Pricing,
): { lines: CostLine[]; total: number } {
  const address = prices.primary_ips
    .find(each => each.type === 'ipv4')
    ?.prices.find(each => each.location === location)
  const lines = [
    { what: `Server ${offer.type}`, monthlyGross: offer.monthlyGross },
    { what: 'Primary IPv4', monthlyGross: Number(address?.price_monthly.gross ?? 0) },
    { what: `Volume ${volumeSizeGb} GB`, monthlyGross: volumeMonthlyGross(volumeSizeGb, prices) },
  ]
  return { lines, total: lines.reduce((sum, line) => sum + line.monthlyGross, 0) }
}

export function volumeMonthlyGross(sizeGb: number, prices: Pricing): number {
  return sizeGb * Number(prices.volume.price_per_gb_month.gross)
}

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
  for (const line of lines) line.monthlyGross = toCents(line.monthlyGross)
  return { lines, total: lines.reduce((sum, line) => sum + line.monthlyGross, 0) }
}

/** Half a cent and more is a cent; each line is rounded, so that the sum is that of the lines as shown. */
function toCents(amount: number): number {
  return Math.round(amount * 100 + 1e-6) / 100
}

export function volumeMonthlyGross(sizeGb: number, prices: Pricing): number {
  return sizeGb * Number(prices.volume.price_per_gb_month.gross)
}

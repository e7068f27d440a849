import type { Pricing } from '../hetzner/wire.ts'

/** Hours in an average month, as Hetzner caps the monthly price: 365.25 × 24 / 12. */
const hoursPerMonth = 730.5

/** EUR per hour without VAT for something billed per month. */
export function hourlyFromMonthly(monthlyNet: number): number {
  return monthlyNet / hoursPerMonth
}

/** EUR per month without VAT of a volume, or undefined without a price list. */
export function volumeMonthlyNet(prices: Pricing | undefined, sizeGb: number): number | undefined {
  return prices === undefined ? undefined : Number(prices.volume.price_per_gb_month.net) * sizeGb
}

/** EUR per month without VAT of a Primary IP in a location; IPv6 is free of charge where the list does not name it. */
export function addressMonthlyNet(
  prices: Pricing | undefined,
  type: 'ipv4' | 'ipv6',
  location: string | undefined,
): number | undefined {
  if (prices === undefined) return undefined
  const list = prices.primary_ips.find(each => each.type === type)?.prices
  const price = list?.find(each => each.location === location) ?? list?.[0]
  return price === undefined ? 0 : Number(price.price_monthly.net)
}

/** "EUR 5.49": two decimals, four below one cent. */
export function euro(amount: number): string {
  return `EUR ${amount !== 0 && Math.abs(amount) < 0.01 ? amount.toFixed(4) : amount.toFixed(2)}`
}

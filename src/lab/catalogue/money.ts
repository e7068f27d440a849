import type { Price } from '../../hetzner/wire.ts'

/** German VAT in percent, as the service shows it to accounts without a VAT id. */
export const vatRate = '19.000000'

/** A net amount in euro as the service writes prices: net with 10 decimals, gross with 16. */
export function price(net: number): Price {
  return { net: net.toFixed(10), gross: (net * 1.19).toFixed(16) }
}

/** Hourly price of a monthly one: a month is billed for at most about 624 hours. Guessed from published pairs of prices. */
export function hourly(monthly: number): number {
  return Math.round((monthly / 624) * 10_000) / 10_000
}

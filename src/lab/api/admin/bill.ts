import { pricing, serverTypeNamed } from '../../catalogue/index.ts'
import type { Cloud } from '../cloud.ts'

export type BillLine = {
  kind: 'server' | 'volume' | 'primary_ip' | 'image'
  id: number
  name: string
  monthlyNet: number
}

/** What would still bill on the service, euro a month, net: everything there is, also what is turned off. */
export function billOf({ store }: Pick<Cloud, 'store'>): { lines: BillLine[]; monthlyNet: number } {
  const lines: BillLine[] = [
    ...store.all('servers').map(({ id, name, type, location }) => {
      const price = serverTypeNamed(type).prices.find(one => one.location === location)
      return { kind: 'server' as const, id, name, monthlyNet: Number(price?.price_monthly.net ?? 0) }
    }),
    ...store.all('volumes').map(({ id, name, sizeGb }) => {
      const monthlyNet = sizeGb * Number(pricing.volume.price_per_gb_month.net)
      return { kind: 'volume' as const, id, name, monthlyNet }
    }),
    ...store.all('primaryIps').map(({ id, name, type, location }) => {
      const prices = pricing.primary_ips.find(one => one.type === type)?.prices
      const monthlyNet = Number(prices?.find(one => one.location === location)?.price_monthly.net ?? 0)
      return { kind: 'primary_ip' as const, id, name, monthlyNet }
    }),
    ...store.all('images').map(({ id, wire }) => {
      const monthlyNet = (wire.image_size ?? 0) * Number(pricing.image.price_per_gb_month.net)
      return { kind: 'image' as const, id, name: wire.description, monthlyNet }
    }),
  ]
  return { lines, monthlyNet: round(lines.reduce((sum, line) => sum + line.monthlyNet, 0)) }
}

function round(amount: number): number {
  return Math.round(amount * 10_000) / 10_000
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Hetzner } from '../hetzner/index.ts'
import type { Pricing } from '../hetzner/wire.ts'
import { writeLocalFile } from '../state/index.ts'

const fileName = 'prices.json'
const dayMs = 24 * 60 * 60 * 1000

/** By endpoint: the lab's prices are never taken for Hetzner's. */
type Cache = Record<string, { fetchedAt: string; pricing: Pricing } | null>

export type PriceSource = {
  /** The folder `.cosmos`. */
  dir: string
  endpoint: string
  now?: () => Date
  /** How old a price list may be, milliseconds; default a day. */
  maxAgeMs?: number
}

/** The price list, from `.cosmos/prices.json` while that is fresh, else from the API, which is one call, and kept. */
export async function pricesOf(
  hetzner: Pick<Hetzner, 'pricing'>,
  source: PriceSource & { signal?: AbortSignal },
): Promise<Pricing> {
  const { dir, endpoint, now = () => new Date(), signal } = source
  const cached = await cachedPrices({ maxAgeMs: dayMs, ...source })
  if (cached !== undefined) return cached
  const pricing = await hetzner.pricing.get(signal)
  const cache: Cache = { ...(await readCache(dir)), [endpoint]: { fetchedAt: now().toISOString(), pricing } }
  await writeLocalFile(dir, fileName, `${JSON.stringify(cache)}\n`)
  return pricing
}

/** The price list as it was last seen, without any call; by default not older than a month. */
export async function cachedPrices(source: PriceSource): Promise<Pricing | undefined> {
  const { dir, endpoint, now = () => new Date(), maxAgeMs = 30 * dayMs } = source
  const entry = (await readCache(dir))[endpoint]
  if (entry?.fetchedAt === undefined) return undefined
  const ageMs = now().getTime() - Date.parse(entry.fetchedAt)
  return ageMs >= 0 && ageMs < maxAgeMs ? entry.pricing : undefined
}

/** A missing or unreadable cache is an empty one: it can always be fetched again. */
async function readCache(dir: string): Promise<Cache> {
  try {
    const parsed: unknown = JSON.parse(await readFile(join(dir, fileName), 'utf8'))
    return typeof parsed === 'object' && parsed !== null ? (parsed as Cache) : {}
  } catch {
    return {}
  }
}

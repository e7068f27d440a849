import { stockKey } from '../catalogue/index.ts'
import type { Random } from '../random.ts'
import type { SettingsRecord, Store } from '../store/index.ts'

/**
 * Project limits. Five servers on new accounts, 50 firewalls, 30 snapshots and Primary IPs twice the servers are documented or
 * were seen by others; volumes, keys and the requests' bucket of 3,600 an hour are as in the official text or guessed.
 */
export const usualLimits = {
  servers: 5,
  volumes: 25,
  primary_ips: 10,
  firewalls: 50,
  ssh_keys: 100,
  snapshots: 30,
  requests_per_hour: 3600,
} as const
export type LimitName = keyof typeof usualLimits

export type Settings = {
  limit(name: LimitName): number
  setLimit(name: LimitName, value: number): void
  isAvailable(key: string): boolean
  setStock(type: string, location: string, available: boolean): void
}

export function createSettings(store: Store, given: Partial<Record<LimitName, number>> = {}): Settings {
  const now = (): SettingsRecord => store.get('settings', 1) ?? { id: 1, stock: {}, limits: {} }
  let known = now()
  const keep = (record: SettingsRecord) => {
    known = store.put('settings', record)
  }
  keep({ ...known, limits: { ...known.limits, ...given } })
  return {
    limit: name => known.limits[name] ?? usualLimits[name],
    setLimit: (name, value) => keep({ ...known, limits: { ...known.limits, [name]: value } }),
    isAvailable: key => known.stock[key] ?? true,
    setStock: (type, location, available) =>
      keep({ ...known, stock: { ...known.stock, [stockKey(type, location)]: available } }),
  }
}

/** A root password as the service makes one: guessed to be 20 characters. */
export function password(random: Random): string {
  const letters = 'abcdefghijkmnopqrstuvwxyzABCDEFGHJKLMNPQRSTUVWXYZ23456789'
  return Array.from({ length: 20 }, () => letters[Math.floor(random() * letters.length)]).join('')
}

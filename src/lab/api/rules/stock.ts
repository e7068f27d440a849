import { type CatalogueType, stockKey } from '../../catalogue/index.ts'
import type { Cloud } from '../cloud.ts'
import { ApiFailure } from '../failure.ts'

/**
 * What the catalogue says of a type in a place. Only a hint: the order decides. Source: changelog of 2026-04-01 · documented
 * @param key `cx23@fsn1`
 */
export function isShownAvailable(
  { settings, faults }: Pick<Cloud, 'settings' | 'faults'>,
  key: string,
): boolean {
  if (!settings.isAvailable(key)) return false
  return !faults.waiting('stock', on => names(on, key)).some(({ mode }) => mode !== 'surprise')
}

/** 412 "error during placement": seen by others. @throws ApiFailure `resource_unavailable` */
export function requireStock({ settings, faults }: Cloud, type: CatalogueType, location: string): void {
  const key = stockKey(type.name, location)
  if (!settings.isAvailable(key) || faults.strike('stock', on => names(on, key)))
    throw new ApiFailure('resource_unavailable', 'error during placement')
}

function names(on: string, key: string): boolean {
  return on === key || key.startsWith(`${on}@`)
}

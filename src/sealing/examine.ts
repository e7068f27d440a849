import { CosmosError } from '../errors.ts'
import type { RingKey } from './key-ring.ts'
import { encryptionLabel, scopes } from './scope.ts'
import type { SealedSecret } from './sealed-secret.ts'
import { openValue } from './value.ts'

/** What is wrong with one value, or worth knowing. */
export type Finding = {
  key: string
  /** `error`: the controller will not open it. `old-key`: opens, but the newest key should seal it. */
  level: 'error' | 'old-key'
  message: string
}

/**
 * Does what the controller will do with it, and says what would go wrong. Values are wiped at once.
 * @param keys newest first.
 */
export function examine(sealed: SealedSecret, keys: readonly RingKey[]): Finding[] {
  return Object.entries(sealed.encryptedData).flatMap(([key, text]) => {
    const found = look(sealed, keys, text)
    return found === undefined ? [] : [{ key, ...found }]
  })
}

function look(
  sealed: SealedSecret,
  keys: readonly RingKey[],
  text: string,
): Omit<Finding, 'key'> | undefined {
  try {
    const opened = openValue(keys, encryptionLabel(sealed.place), text)
    opened.plain.fill(0)
    if (opened.key === keys[0]) return undefined
    return { level: 'old-key', message: `sealed with ${opened.key.fingerprint}, which is not the newest key` }
  } catch (error) {
    if (!(error instanceof CosmosError)) throw error
    const meant = error.code === 'sealed-wrong-key' ? meantScope(sealed, keys, text) : undefined
    if (meant === undefined) return { level: 'error', message: error.message }
    return { level: 'error', message: `sealed as ${meant}, but the annotations say ${sealed.place.scope}` }
  }
}

/** Another scope under which it does open: the annotation was lost or changed. */
function meantScope(sealed: SealedSecret, keys: readonly RingKey[], text: string): string | undefined {
  for (const scope of scopes) {
    if (scope === sealed.place.scope) continue
    try {
      openValue(keys, encryptionLabel({ ...sealed.place, scope }), text).plain.fill(0)
      return scope
    } catch (error) {
      if (!(error instanceof CosmosError)) throw error
    }
  }
  return undefined
}

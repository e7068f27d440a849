import { UsageError } from '../../errors.ts'
import type { RingKey } from '../../sealing/index.ts'

/** The key that a person names by its fingerprint or the start of it; the newest when they name none. */
export function findKey(ring: readonly RingKey[], fingerprint: string | undefined): RingKey {
  const wanted = fingerprint?.replace(/^SHA256:/, '')
  const found = ring.filter(
    key => wanted === undefined || key.fingerprint.slice('SHA256:'.length).startsWith(wanted),
  )
  const [key] = found
  if (key !== undefined && (wanted === undefined || found.length === 1)) return key
  throw new UsageError(
    found.length > 1 ? `${found.length} keys begin with ${fingerprint}.` : `There is no key ${fingerprint}.`,
    { code: 'sealing-key-unknown', hint: 'cosmos key list' },
  )
}

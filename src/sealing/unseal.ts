import { CosmosError } from '../errors.ts'
import type { RingKey } from './key-ring.ts'
import { encryptionLabel } from './scope.ts'
import type { SealedSecret } from './sealed-secret.ts'
import { openValue } from './value.ts'

export type Opened = { data: Map<string, Buffer>; keys: Map<string, RingKey> }

/**
 * Opens every value of a SealedSecret. Wipe the values after use.
 * @param only opens this key alone.
 * @returns values, and the sealing key that opened each.
 * @throws CosmosError `unseal-no-such-key`, or as `openValue` with the place in front
 */
export function openSealed(sealed: SealedSecret, keys: readonly RingKey[], only?: string): Opened {
  const label = encryptionLabel(sealed.place)
  const entries = Object.entries(sealed.encryptedData).filter(([name]) => only === undefined || name === only)
  if (only !== undefined && entries.length === 0) {
    throw new CosmosError(`${sealed.where} has no key "${only}".`, {
      code: 'unseal-no-such-key',
      hint: `It has: ${Object.keys(sealed.encryptedData).join(', ') || 'none'}`,
    })
  }
  const opened: Opened = { data: new Map(), keys: new Map() }
  for (const [name, text] of entries) {
    try {
      const { plain, key } = openValue(keys, label, text)
      opened.data.set(name, plain)
      opened.keys.set(name, key)
    } catch (error) {
      for (const value of opened.data.values()) value.fill(0)
      if (!(error instanceof CosmosError)) throw error
      throw new CosmosError(`${sealed.where}, key ${name}: ${error.message}`, {
        code: error.code,
        hint: 'See what is wrong with it: cosmos seal --validate FILE',
        cause: error,
      })
    }
  }
  return opened
}

/**
 * The Secret that a SealedSecret stands for. Text goes under stringData, what is no text under data.
 * Template entries are left to the controller, which renders them.
 */
export function secretObject(
  sealed: SealedSecret,
  data: ReadonlyMap<string, Buffer>,
): Record<string, unknown> {
  const { name, namespace } = sealed.place
  const { metadata, type, immutable } = sealed.template
  const texts: Record<string, string> = {}
  const bytes: Record<string, string> = {}
  for (const [key, value] of data) {
    const text = asText(value)
    if (text === undefined) bytes[key] = value.toString('base64')
    else texts[key] = text
  }
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: { ...metadata, name, ...(namespace === '' ? {} : { namespace }) },
    ...(type === undefined ? {} : { type }),
    ...(immutable === undefined ? {} : { immutable }),
    ...(Object.keys(bytes).length === 0 ? {} : { data: bytes }),
    ...(Object.keys(texts).length === 0 ? {} : { stringData: texts }),
  }
}

/** The value as text that YAML gives back unchanged; undefined when it is bytes. */
export function asText(value: Buffer): string | undefined {
  const text = value.toString('utf8')
  // biome-ignore lint/suspicious/noControlCharactersInRegex: exactly these make a value binary to a reader and to YAML.
  if (/[\u0000-\u0008\u000b-\u001f\u007f-\u009f\u2028\u2029\ufeff\ufffe\uffff]/.test(text)) return undefined
  return Buffer.from(text).equals(value) ? text : undefined
}

import { UsageError } from '../errors.ts'
import { booleanField, type Fields, isMap, mapField, textField, textMap } from './fields.ts'
import { type Place, scopeOf } from './scope.ts'

/** A SealedSecret as it was read. */
export type SealedSecret = {
  where: string
  place: Place
  encryptedData: Record<string, string>
  template: {
    /** Metadata of the Secret to come; name and namespace are the SealedSecret's. */
    metadata: Fields
    type: string | undefined
    immutable: boolean | undefined
    /** Go templates that the controller renders with the opened values. */
    data: Record<string, string>
  }
}

/** Whether a document says that it is a SealedSecret. */
export function isSealedSecret(value: unknown): boolean {
  return isMap(value) && value.kind === 'SealedSecret'
}

/**
 * A SealedSecret out of a document. The scope is that of the annotations of its own metadata, as the controller reads it.
 * @throws UsageError `not-sealed`, `seal-no-name`, `sealed-v1`, `manifest-field`
 */
export function readSealedSecret(value: unknown, where: string): SealedSecret {
  if (!isMap(value) || !isSealedSecret(value)) {
    throw new UsageError(`${where} is not a SealedSecret.`, {
      code: 'not-sealed',
      hint: 'Seal it first: cosmos seal FILE',
    })
  }
  const metadata = mapField(value, 'metadata', where)
  const spec = mapField(value, 'spec', where)
  const template = mapField(spec, 'template', where)
  if (typeof spec.data === 'string') {
    throw new UsageError(`${where} is of the old kind that seals everything in one piece (spec.data).`, {
      code: 'sealed-v1',
      hint: 'Open it with: kubeseal --recovery-unseal',
    })
  }
  const name = textField(metadata, 'name', where)
  if (!name) throw new UsageError(`${where} has no metadata.name.`, { code: 'seal-no-name' })
  const namespace = textField(metadata, 'namespace', where) ?? ''
  return {
    where,
    place: { name, namespace, scope: scopeOf(textMap(metadata, 'annotations', where)) },
    encryptedData: textMap(spec, 'encryptedData', where),
    template: {
      metadata: mapField(template, 'metadata', where),
      type: textField(template, 'type', where),
      immutable: booleanField(template, 'immutable', where),
      data: textMap(template, 'data', where),
    },
  }
}

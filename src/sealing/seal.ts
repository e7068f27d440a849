import type { KeyObject } from 'node:crypto'
import { UsageError } from '../errors.ts'
import { encryptionLabel, type Place, type Scope, scopeAnnotations, withScope } from './scope.ts'
import { type Secret, secretScope } from './secret.ts'
import { sealValue } from './value.ts'

/** What a person said about name, namespace and scope. */
export type Wishes = { name?: string | undefined; namespace?: string | undefined; scope?: Scope | undefined }

/** A SealedSecret as it goes into YAML or JSON. */
export type SealedSecretObject = {
  apiVersion: 'bitnami.com/v1alpha1'
  kind: 'SealedSecret'
  metadata: Record<string, unknown>
  spec: { encryptedData: Record<string, string>; template: Record<string, unknown> }
}

/**
 * Where a Secret will be opened: from its manifest, completed by wishes that must not contradict it.
 * Sealed for the wrong name or namespace, a value opens nowhere.
 * @throws UsageError `seal-conflict`, `seal-no-name`, `seal-no-namespace`
 */
export function placeOf(secret: Secret, wishes: Wishes): Place {
  refuseConflict(secret, 'name', wishes.name)
  refuseConflict(secret, 'namespace', wishes.namespace)
  const scope = wishes.scope ?? secretScope(secret)
  const name = secret.name ?? wishes.name
  const namespace = secret.namespace ?? wishes.namespace
  if (!name) {
    throw new UsageError(`${secret.where} has no metadata.name.`, {
      code: 'seal-no-name',
      hint: 'Name it there, or with --name NAME',
    })
  }
  if (!namespace && scope !== 'cluster-wide') {
    throw new UsageError(
      `${secret.where} has no metadata.namespace, and a ${scope} secret opens in one namespace only.`,
      {
        code: 'seal-no-namespace',
        hint: 'Name it there, or with --namespace NAMESPACE',
      },
    )
  }
  return { name, namespace: namespace ?? '', scope }
}

/**
 * The SealedSecret for a Secret (sealed-secrets NewSealedSecret). Metadata, type and immutability go into the template.
 * @throws UsageError `seal-empty` without `allowEmpty`
 */
export function sealSecret(
  secret: Secret,
  place: Place,
  publicKey: KeyObject,
  { allowEmpty = false } = {},
): SealedSecretObject {
  if (secret.data.size === 0 && !allowEmpty) {
    throw new UsageError(`${secret.where} holds no data.`, {
      code: 'seal-empty',
      hint: 'If that is meant so: --allow-empty-data',
    })
  }
  const identity = { name: place.name, ...(place.namespace === '' ? {} : { namespace: place.namespace }) }
  const scope = scopeAnnotations(place.scope)
  return {
    apiVersion: 'bitnami.com/v1alpha1',
    kind: 'SealedSecret',
    metadata: { ...identity, ...filled('annotations', scope) },
    spec: {
      encryptedData: sealEntries(secret.data, place, publicKey),
      template: {
        metadata: {
          ...secret.metadata,
          ...identity,
          ...filled('annotations', withScope(secret.annotations, place.scope)),
        },
        ...(secret.type === undefined ? {} : { type: secret.type }),
        ...(secret.immutable === undefined ? {} : { immutable: secret.immutable }),
      },
    },
  }
}

/** Each value sealed for the place, in the order given. */
export function sealEntries(
  data: ReadonlyMap<string, Buffer>,
  place: Place,
  publicKey: KeyObject,
): Record<string, string> {
  const label = encryptionLabel(place)
  return Object.fromEntries([...data].map(([key, value]) => [key, sealValue(publicKey, label, value)]))
}

function filled(key: string, map: Record<string, string>): Record<string, unknown> {
  return Object.keys(map).length === 0 ? {} : { [key]: map }
}

function refuseConflict(secret: Secret, field: 'name' | 'namespace', wish: string | undefined): void {
  const stated = secret[field]
  if (wish === undefined || stated === undefined || wish === stated) return
  throw new UsageError(`${secret.where} has ${field} "${stated}", and --${field} says "${wish}".`, {
    code: 'seal-conflict',
    hint: `Sealed for the wrong ${field} it would never open. Change the manifest, or leave --${field} out.`,
  })
}

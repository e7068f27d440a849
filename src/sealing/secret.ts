import { UsageError } from '../errors.ts'
import { booleanField, type Fields, isMap, mapField, textField, textMap } from './fields.ts'
import { type Scope, scopeOf } from './scope.ts'
import { decodeBase64 } from './value.ts'

/** A Kubernetes Secret, as far as sealing goes. */
export type Secret = {
  /** Where it was read, for messages. */
  where: string
  name: string | undefined
  namespace: string | undefined
  annotations: Record<string, string>
  /** Labels and whatever else of metadata goes into the template. */
  metadata: Fields
  type: string | undefined
  immutable: boolean | undefined
  /** Raw bytes by key. Wipe after use. */
  data: Map<string, Buffer>
  /** Top-level keys that no Secret has (`stringdata`): ignored by Kubernetes, and worth a warning. */
  ignored: string[]
}

/** What the API server fills in: dropped, as kubeseal does. managedFields would only name fields of the old object. */
const serverSide = [
  ...['selfLink', 'uid', 'resourceVersion', 'generation', 'creationTimestamp', 'deletionTimestamp'],
  ...['deletionGracePeriodSeconds', 'ownerReferences', 'managedFields'],
]

/** Annotations that hold a copy of the whole object, the secret in clear included. */
const copies = [
  'kubectl.kubernetes.io/last-applied-configuration',
  'kubecfg.ksonnet.io/last-applied-configuration',
]

const known = ['apiVersion', 'kind', 'metadata', 'type', 'immutable', 'data', 'stringData']

/**
 * A Secret out of a document.
 * @throws UsageError `already-sealed`, `manifest-list`, `not-a-secret`, `manifest-field`, `secret-base64`
 */
export function readSecret(value: unknown, where: string): Secret {
  const fields = secretFields(value, where)
  const { name: _, namespace: __, annotations: ___, ...metadata } = mapField(fields, 'metadata', where)
  const head = mapField(fields, 'metadata', where)
  const annotations = textMap(head, 'annotations', where)
  for (const copy of copies) delete annotations[copy]
  textMap(head, 'labels', where)
  return {
    where,
    name: textField(head, 'name', where) || undefined,
    namespace: textField(head, 'namespace', where) || undefined,
    annotations,
    metadata: Object.fromEntries(
      Object.entries(metadata).filter(([key, item]) => item !== null && !serverSide.includes(key)),
    ),
    type: textField(fields, 'type', where) || undefined,
    immutable: booleanField(fields, 'immutable', where),
    data: readData(fields, where),
    ignored: Object.keys(fields).filter(key => !known.includes(key)),
  }
}

/** The scope that the manifest's annotations ask for. */
export function secretScope(secret: Secret): Scope {
  return scopeOf(secret.annotations)
}

/** Overwrites every value with zeros. */
export function wipe(secret: Pick<Secret, 'data'>): void {
  for (const value of secret.data.values()) value.fill(0)
}

function secretFields(value: unknown, where: string): Fields {
  if (!isMap(value)) throw notASecret(`${where} is not a Kubernetes object.`)
  const { kind, apiVersion } = value
  if (kind === 'SealedSecret') {
    throw new UsageError(`${where} is sealed already.`, {
      code: 'already-sealed',
      hint: 'Change a value: cosmos seal --edit FILE — move it to the newest key: cosmos seal --reseal FILE',
    })
  }
  if (kind === 'List' || kind === 'SecretList') {
    throw new UsageError(`${where} is a List.`, {
      code: 'manifest-list',
      hint: 'Give each Secret as a document of its own, with --- between them.',
    })
  }
  if (kind !== 'Secret') throw notASecret(`${where} is not a Secret${named(kind)}.`)
  if (apiVersion !== undefined && apiVersion !== 'v1')
    throw notASecret(`${where} is not a Secret of apiVersion v1.`)
  return value
}

/** `stringData` over `data`, as the API server does. */
function readData(fields: Fields, where: string): Map<string, Buffer> {
  const data = new Map<string, Buffer>()
  for (const [key, text] of Object.entries(textMap(fields, 'data', where))) {
    const bytes = decodeBase64(text)
    if (bytes === undefined) {
      throw new UsageError(`${where}: data.${key} is not base64.`, {
        code: 'secret-base64',
        hint: 'Plain text goes under stringData.',
      })
    }
    data.set(key, bytes)
  }
  for (const [key, text] of Object.entries(textMap(fields, 'stringData', where)))
    data.set(key, Buffer.from(text))
  return data
}

function named(kind: unknown): string {
  return typeof kind === 'string' && /^[A-Za-z]{1,40}$/.test(kind) ? ` but a ${kind}` : ''
}

function notASecret(message: string): UsageError {
  return new UsageError(message, {
    code: 'not-a-secret',
    hint: 'A manifest has `kind: Secret` and `apiVersion: v1`.',
  })
}

import { CosmosError } from '../../errors.ts'
import { type PlainSecret, withComment } from '../../manifests/index.ts'
import {
  isSealedSecret,
  openSealed,
  type RingKey,
  readDocuments,
  readSealedSecret,
  readSecret,
  renderObjects,
  type SealedSecret,
  type SealingCertificate,
  sealSecret,
} from '../../sealing/index.ts'

/** A secret as a SealedSecret that opens in its own namespace under its own name only. */
export async function sealedText(
  secret: PlainSecret,
  comment: string,
  { publicKey }: SealingCertificate,
): Promise<string> {
  const { name, namespace, type = 'Opaque', values } = secret
  const object = { apiVersion: 'v1', kind: 'Secret', metadata: { name, namespace }, type, stringData: values }
  const place = { name, namespace, scope: 'strict' } as const
  const sealed = sealSecret(readSecret(object, name), place, publicKey)
  return withComment(comment, await renderObjects([sealed], 'yaml'))
}

/** Whether a file seals exactly this secret with the newest key: sealing again would only make noise in Git. */
export async function stillHolds(
  text: string,
  secret: PlainSecret,
  ring: readonly RingKey[],
): Promise<boolean> {
  const sealed = await readOne(text)
  if (sealed === undefined || !isSameForm(sealed, secret)) return false
  try {
    const { data, keys } = openSealed(sealed, ring)
    const same = Object.entries(secret.values).every(([key, value]) => data.get(key)?.toString() === value)
    for (const value of data.values()) value.fill(0)
    return same && [...keys.values()].every(key => key === ring[0])
  } catch (error) {
    if (error instanceof CosmosError) return false
    throw error
  }
}

/** Whether a file seals a secret of this name, type and these keys: all that can be said without the vault. */
export async function hasSameForm(text: string, secret: PlainSecret): Promise<boolean> {
  const sealed = await readOne(text)
  return sealed !== undefined && isSameForm(sealed, secret)
}

function isSameForm({ place, encryptedData, template }: SealedSecret, secret: PlainSecret): boolean {
  const keys = (record: object) => Object.keys(record).sort().join(' ')
  return (
    place.name === secret.name &&
    place.namespace === secret.namespace &&
    place.scope === 'strict' &&
    (template.type ?? 'Opaque') === (secret.type ?? 'Opaque') &&
    keys(encryptedData) === keys(secret.values)
  )
}

/** The one SealedSecret of a file; undefined for whatever else is in it. */
async function readOne(text: string): Promise<SealedSecret | undefined> {
  try {
    const { documents } = await readDocuments(text, 'sealed')
    const [first] = documents
    if (documents.length !== 1 || first === undefined || !isSealedSecret(first.value)) return undefined
    return readSealedSecret(first.value, 'sealed')
  } catch (error) {
    if (error instanceof CosmosError) return undefined
    throw error
  }
}

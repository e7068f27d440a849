import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import {
  changeEntries,
  isSealedSecret,
  type Place,
  placeOf,
  readDocuments,
  readSealedSecret,
  type Secret,
  sealEntries,
  wipe,
} from '../../sealing/index.ts'
import { sealingCertificate } from './certificate.ts'
import { readText, writeFileSafely } from './files.ts'
import { readInput } from './input.ts'
import type { SealOptions } from './options.ts'
import { noteOddities, noteSealed } from './report.ts'

/**
 * `cosmos seal --merge-into FILE`: seals values for the SealedSecret that is there and puts them into it. Name, namespace and scope are
 * the file's; comments and order stay.
 */
export async function sealInto(
  cli: Cli,
  file: string,
  options: SealOptions,
): Promise<Record<string, unknown>> {
  const certificate = await sealingCertificate(cli, options.cert)
  const { parts, documents } = await readDocuments(await readText(file), file)
  const targets = documents.filter(({ value }) => isSealedSecret(value))
  const [target] = targets
  if (target === undefined || targets.length > 1) {
    throw new UsageError(
      `${file} must hold one SealedSecret to merge into; it holds ${targets.length || 'none'}.`,
      {
        code: 'merge-target',
      },
    )
  }
  const { place } = readSealedSecret(target.value, target.where)
  const secrets = await readInput(cli, { ...options, input: options.input ?? inputFor(options, place) })
  const keys: string[] = []
  try {
    for (const secret of secrets) {
      noteOddities(cli, secret)
      refuseOtherPlace(secret, place, options)
      const sealed = sealEntries(secret.data, place, certificate.publicKey)
      keys.push(...secret.data.keys())
      parts[target.part] = await changeEntries(parts[target.part] ?? '', [
        { path: ['spec', 'encryptedData'], set: new Map(Object.entries(sealed)) },
        { path: ['spec', 'template', 'metadata', 'labels'], set: labelsOf(secret) },
        { path: ['spec', 'template', 'metadata', 'annotations'], set: otherAnnotations(secret) },
      ])
    }
  } finally {
    for (const secret of secrets) wipe(secret)
  }
  if (keys.length === 0 && !options.allowEmpty) {
    throw new UsageError('There is no value to merge.', {
      code: 'seal-empty',
      hint: 'If that is meant so: --allow-empty-data',
    })
  }
  await writeFileSafely(file, parts.join(''), { signal: cli.signal })
  const report = { ...place, keys, certificate: certificate.fingerprint, file }
  noteSealed(cli, report)
  return { sealed: [report] }
}

/** Values given by flags need no name: it is the file's. */
function inputFor({ literals, files }: SealOptions, place: Place): string | undefined {
  return literals.length + files.length > 0 ? place.name : undefined
}

/** What the source says about its place must be what the file says; what it leaves out is the file's. */
function refuseOtherPlace(secret: Secret, place: Place, options: SealOptions): void {
  const { name, namespace } = place
  const wanted = { name: options.name ?? name, namespace: options.namespace ?? namespace }
  const stated = placeOf(
    { ...secret, namespace: secret.namespace || wanted.namespace || undefined },
    {
      ...wanted,
      namespace: wanted.namespace || undefined,
      scope: options.scope ?? place.scope,
    },
  )
  if (stated.name === name && stated.namespace === namespace && stated.scope === place.scope) return
  const field = stated.scope !== place.scope ? 'scope' : stated.name !== name ? 'name' : 'namespace'
  throw new UsageError(
    `The SealedSecret has the ${field} "${place[field]}", what shall go into it "${stated[field]}".`,
    {
      code: 'seal-conflict',
      hint: `Leave the ${field} out: the file's is taken.`,
    },
  )
}

function labelsOf({ metadata }: Secret): Map<string, string> {
  const labels = metadata.labels
  if (typeof labels !== 'object' || labels === null) return new Map()
  return new Map(Object.entries(labels).map(([key, value]) => [key, String(value)]))
}

/** The scope is the file's, whatever the source is annotated with. */
function otherAnnotations({ annotations }: Secret): Map<string, string> {
  return new Map(Object.entries(annotations).filter(([key]) => !key.startsWith('sealedsecrets.bitnami.com/')))
}

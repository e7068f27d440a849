import { extname } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import {
  type ManifestDocument,
  placeOf,
  readDocuments,
  readSecret,
  renderObjects,
  type SealingCertificate,
  sealSecret,
  wipe,
} from '../../sealing/index.ts'
import { type FileChange, runBatch } from './batch.ts'
import { sealingCertificate } from './certificate.ts'
import { mentionsSecret } from './mentions.ts'
import type { SealOptions } from './options.ts'
import { counted, noteOddities, noteSealed, type SealedReport } from './report.ts'

/**
 * `cosmos seal --in-place`: replaces the Secrets of a file, or of a folder's files, by SealedSecrets. What else stands in a file
 * stays as it is; comments of a Secret go with it, because they may hold what it hides.
 */
export async function sealInPlace(
  cli: Cli,
  options: SealOptions & { input: string },
): Promise<Record<string, unknown>> {
  const certificate = await sealingCertificate(cli, options.cert)
  const { written, results } = await runBatch<SealedReport>(cli, {
    command: 'seal',
    title: 'Seal secrets',
    path: options.input,
    concerns: mentionsSecret,
    change: (text, name) => sealFile(cli, { text, name, certificate, options }),
  })
  for (const report of results) noteSealed(cli, report)
  cli.note(`${counted(results.length, 'secret')} sealed in ${counted(written.length, 'file')}.`)
  return { sealed: results, written }
}

type FileToSeal = { text: string; name: string; certificate: SealingCertificate; options: SealOptions }

async function sealFile(
  cli: Cli,
  { text, name, certificate, options }: FileToSeal,
): Promise<FileChange<SealedReport>> {
  const { parts, documents } = await readDocuments(text, name)
  const plain = documents.filter(isPlainSecret)
  if (plain.length === 0) refuse(documents, name)
  // A document without kind may be the other half of a Secret: rather nothing than a file that looks sealed and is not.
  for (const { value, where } of documents) if (!hasKind(value)) readSecret(value, where)
  const results: SealedReport[] = []
  for (const { part, value, where } of plain) {
    const secret = readSecret(value, where)
    try {
      noteOddities(cli, secret)
      const place = placeOf(secret, options)
      const sealed = sealSecret(secret, place, certificate.publicKey, { allowEmpty: options.allowEmpty })
      const format = options.format ?? (extname(name).toLowerCase() === '.json' ? 'json' : 'yaml')
      parts[part] = await renderObjects([sealed], format)
      const next = parts[part + 1]
      // The end mark of the old document went with it.
      if (next !== undefined && !next.startsWith('---')) parts[part + 1] = `---\n${next}`
      results.push({
        ...place,
        keys: [...secret.data.keys()],
        certificate: certificate.fingerprint,
        file: name,
      })
    } finally {
      wipe(secret)
    }
  }
  return { text: parts.join(''), results }
}

function isPlainSecret({ value }: ManifestDocument): boolean {
  return hasKind(value) && value.kind === 'Secret'
}

function hasKind(value: unknown): value is { kind: unknown } {
  return typeof value === 'object' && value !== null && 'kind' in value
}

/** Says why there is nothing to seal, as for one document: sealed already, a List, something else. */
function refuse(documents: readonly ManifestDocument[], name: string): never {
  const [first] = documents
  if (first !== undefined) readSecret(first.value, first.where)
  throw new UsageError(`There is no Secret in ${name}.`, { code: 'not-a-secret' })
}

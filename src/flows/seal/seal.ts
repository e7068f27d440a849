import { extname } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import {
  type Format,
  placeOf,
  renderObjects,
  type SealedSecretObject,
  type SealingCertificate,
  type Secret,
  sealSecret,
  wipe,
} from '../../sealing/index.ts'
import { sealingCertificate } from './certificate.ts'
import { writeFileSafely } from './files.ts'
import { readInput } from './input.ts'
import type { SealOptions } from './options.ts'
import { noteOddities, noteSealed, type SealedReport } from './report.ts'

/** `cosmos seal`: Secrets in, SealedSecrets out on stdout or into a file. */
export async function seal(cli: Cli, options: SealOptions): Promise<Record<string, unknown>> {
  const certificate = await sealingCertificate(cli, options.cert)
  const secrets = await readInput(cli, options)
  const { objects, reports } = sealAll(cli, secrets, certificate, options)
  const text = await renderObjects(objects, formatOf(options))
  if (options.output === undefined) cli.out(text.trimEnd())
  else await writeFileSafely(options.output, text, { signal: cli.signal })
  for (const report of reports) noteSealed(cli, { ...report, ...fileOf(options) })
  return {
    sealed: reports,
    ...(options.output === undefined ? { manifests: objects } : { file: options.output }),
  }
}

/** Seals each Secret and wipes it, also when one of them cannot be sealed. */
export function sealAll(
  cli: Cli,
  secrets: readonly Secret[],
  { publicKey, fingerprint }: SealingCertificate,
  options: Pick<SealOptions, 'name' | 'namespace' | 'scope' | 'allowEmpty'>,
): { objects: SealedSecretObject[]; reports: SealedReport[] } {
  const objects: SealedSecretObject[] = []
  const reports: SealedReport[] = []
  try {
    for (const secret of secrets) {
      noteOddities(cli, secret)
      const place = placeOf(secret, options)
      objects.push(sealSecret(secret, place, publicKey, { allowEmpty: options.allowEmpty }))
      reports.push({ ...place, keys: [...secret.data.keys()], certificate: fingerprint })
    }
  } finally {
    for (const secret of secrets) wipe(secret)
  }
  return { objects, reports }
}

function formatOf({ format, output }: SealOptions): Format {
  return format ?? (output !== undefined && extname(output).toLowerCase() === '.json' ? 'json' : 'yaml')
}

function fileOf({ output }: SealOptions): { file?: string } {
  return output === undefined ? {} : { file: output }
}

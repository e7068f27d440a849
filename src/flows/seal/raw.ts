import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import { encryptionLabel, placeOf, type Secret, sealValue, wipe } from '../../sealing/index.ts'
import { sealingCertificate } from './certificate.ts'
import { secretFromFlags } from './made-secret.ts'
import type { SealOptions } from './options.ts'
import { noteSealed } from './report.ts'

/** `cosmos seal --raw`: one value in, from --from-literal, --from-file or standard input; its ciphertext out, as kubeseal's --raw. */
export async function sealRaw(cli: Cli, options: SealOptions): Promise<Record<string, unknown>> {
  const certificate = await sealingCertificate(cli, options.cert)
  const secret = await rawSecret(options)
  try {
    const place = placeOf(withoutName(secret, options), { ...options, name: undefined })
    const [value] = [...secret.data.values()]
    const sealed = sealValue(certificate.publicKey, encryptionLabel(place), value ?? Buffer.alloc(0))
    cli.out(sealed)
    noteSealed(cli, { ...place, keys: [...secret.data.keys()], certificate: certificate.fingerprint })
    return { ...place, value: sealed, certificate: certificate.fingerprint }
  } finally {
    wipe(secret)
  }
}

async function rawSecret(options: SealOptions): Promise<Secret> {
  const { input, name, literals, files, namespace } = options
  if (literals.length + files.length > 1) {
    throw new UsageError('With --raw there is one value.', {
      code: 'seal-input',
      hint: 'Run it once per value.',
    })
  }
  const made = { name: name ?? input, namespace, type: undefined, labels: [], literals }
  if (literals.length + files.length === 1) return secretFromFlags({ ...made, files })
  if (process.stdin.isTTY) {
    throw new UsageError('There is no value to seal.', {
      code: 'input-missing',
      hint: 'Pipe it in, or name a file: cosmos seal --raw --name NAME -n NAMESPACE --from-file FILE',
    })
  }
  return secretFromFlags({ ...made, files: ['value=/dev/stdin'] })
}

/** A name is needed only where the value is bound to one. */
function withoutName(secret: Secret, { scope = 'strict' }: SealOptions): Secret {
  return scope === 'strict' ? secret : { ...secret, name: secret.name ?? 'any' }
}

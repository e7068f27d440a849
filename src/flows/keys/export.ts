import type { Cli } from '../../cli/index.ts'
import { sealingKeySecrets } from '../../manifests/index.ts'
import { renderObjects } from '../../sealing/index.ts'
import { writeFileSafely } from '../seal/files.ts'
import { openRing } from '../seal/ring.ts'
import { openVault } from '../vault/open.ts'
import { findKey } from './find.ts'
import { giveOut } from './secret-output.ts'

export type ExportOptions = { fingerprint: string | undefined; secret: boolean; output: string | undefined }

/** `cosmos key export`: one key's certificate, or with `--private` its private key. PEM. */
export async function exportKey(
  cli: Cli,
  { fingerprint, secret, output }: ExportOptions,
): Promise<Record<string, unknown>> {
  const key = findKey(await openRing(cli), fingerprint)
  if (secret) {
    await giveOut(cli, key.pem.privateKey, output)
    return { fingerprint: key.fingerprint, file: output }
  }
  if (output === undefined) cli.out(key.pem.certificate.trimEnd())
  else await writeFileSafely(output, key.pem.certificate, { signal: cli.signal })
  return { fingerprint: key.fingerprint, certificate: key.pem.certificate }
}

/** `cosmos key backup`: every key as the Secrets that a new machine is given, in a List, for `kubectl apply` or `kubeseal --recovery-unseal`. */
export async function backupKeys(cli: Cli, output: string | undefined): Promise<Record<string, unknown>> {
  const { contents } = await openVault(cli)
  const list = { apiVersion: 'v1', kind: 'List', items: sealingKeySecrets(contents.sealing.keys) }
  await giveOut(cli, await renderObjects([list], 'yaml'), output)
  return { keys: contents.sealing.keys.length, file: output }
}

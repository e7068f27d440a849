import { readFile } from 'node:fs/promises'
import type { Cli } from '../../cli/index.ts'
import { messageOf, UsageError } from '../../errors.ts'
import { parseCertificate, type SealingCertificate } from '../../sealing/index.ts'
import { sealingHome } from './home.ts'

const fetchTimeoutMs = 15_000
const largestBytes = 65_536

/**
 * The certificate to seal with: `--cert`, else cosmos.sealing.crt beside the vault. No passphrase is needed for it.
 * @param from path or URL, as kubeseal's --cert.
 */
export async function sealingCertificate(cli: Cli, from: string | undefined): Promise<SealingCertificate> {
  const source = from ?? (await sealingHome(cli)).certificatePath
  const pem = /^https?:\/\//i.test(source)
    ? await fetched(source, cli)
    : await read(source, from === undefined)
  return parseCertificate(pem, new Date())
}

async function read(path: string, ours: boolean): Promise<string> {
  try {
    return await readFile(path.startsWith('file://') ? new URL(path) : path, 'utf8')
  } catch (error) {
    throw new UsageError(`The certificate cannot be read: ${messageOf(error)}`, {
      code: 'certificate-missing',
      hint: ours
        ? 'Go to the project, give one with --cert FILE, or write it anew: cosmos key export -o cosmos.sealing.crt'
        : undefined,
      cause: error,
    })
  }
}

async function fetched(url: string, { signal, note }: Cli): Promise<string> {
  if (/^http:/i.test(url) && !/^(localhost|127\.|\[::1\])/.test(new URL(url).host)) {
    note(
      'Warning: the certificate comes without TLS, so anyone on the way could put in their own. Compare the fingerprint.',
    )
  }
  try {
    const response = await fetch(url, {
      signal: AbortSignal.any([signal, AbortSignal.timeout(fetchTimeoutMs)]),
    })
    if (!response.ok) throw new Error(`the server answered ${response.status}`)
    const text = await response.text()
    if (text.length > largestBytes) throw new Error('the answer is far too long for a certificate')
    return text
  } catch (error) {
    signal.throwIfAborted()
    throw new UsageError(`The certificate cannot be fetched from ${new URL(url).host}: ${messageOf(error)}`, {
      code: 'certificate-missing',
      cause: error,
    })
  }
}

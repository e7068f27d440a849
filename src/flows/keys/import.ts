import { createPrivateKey, X509Certificate } from 'node:crypto'
import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import { keyRing, newestKey, type RingKey, readDocuments, readSecret } from '../../sealing/index.ts'
import type { SealingKey } from '../../vault/index.ts'
import { readText } from '../seal/files.ts'
import { counted } from '../seal/report.ts'
import { openVault } from '../vault/open.ts'
import { writeCertificate } from './certificate-file.ts'

/**
 * `cosmos key import`: takes over the keys of a cluster that had its own: PEM files (certificate and key, together or apart), or the
 * controller's Secrets as `kubectl get secret -o yaml` gives them.
 */
export async function importKeys(cli: Cli, files: readonly string[]): Promise<Record<string, unknown>> {
  const texts = await Promise.all(files.map(async file => ({ file, text: await readText(file) })))
  const pem = texts.filter(({ text }) => text.includes('-----BEGIN') && !/^\s*kind["']?\s*:/m.test(text))
  const manifests = texts.filter(text => !pem.includes(text))
  const found = pem.length > 0 ? pairs(pem.map(({ text }) => text).join('\n')) : []
  for (const { file, text } of manifests) found.push(...(await keysOfManifest(text, file)))
  const given = keyRing(found)
  const vault = await openVault(cli)
  const known = new Set(keyRing(vault.contents.sealing.keys).map(({ fingerprint }) => fingerprint))
  const added = given.filter(({ fingerprint }) => !known.has(fingerprint))
  if (added.length > 0) {
    const keys = oldestFirst(keyRing([...vault.contents.sealing.keys, ...added.map(({ pem }) => pem)]))
    await vault.save({ ...vault.contents, sealing: { keys } })
    await writeCertificate(cli, vault.home.certificatePath, keys)
    cli.note(`${newestKey(keys).fingerprint} seals from now on.`)
  }
  cli.out(`${counted(added.length, 'key')} imported, ${given.length - added.length} known already.`)
  return { imported: added.map(({ fingerprint }) => fingerprint), known: given.length - added.length }
}

function oldestFirst(ring: readonly RingKey[]): SealingKey[] {
  return ring.map(({ pem }) => pem).reverse()
}

async function keysOfManifest(text: string, file: string): Promise<SealingKey[]> {
  const { documents } = await readDocuments(text, file)
  return documents.flatMap(({ value, where }) =>
    itemsOf(value).map(item => {
      const { data } = readSecret(item, where)
      const [certificate, privateKey] = ['tls.crt', 'tls.key'].map(key => data.get(key)?.toString('utf8'))
      if (certificate !== undefined && privateKey !== undefined)
        return { certificate, privateKey: pkcs8(privateKey) }
      throw nothing(`${where} holds no tls.crt and tls.key.`)
    }),
  )
}

/** The objects of a List, as kubectl prints several. */
function itemsOf(value: unknown): unknown[] {
  if (typeof value !== 'object' || value === null || !('kind' in value) || !('items' in value)) return [value]
  return value.kind === 'List' && Array.isArray(value.items) ? value.items : [value]
}

/** Certificates and private keys of PEM texts, each with its partner. */
function pairs(text: string): SealingKey[] {
  const blocks = text.match(/-----BEGIN ([A-Z ]+)-----[\s\S]*?-----END \1-----/g) ?? []
  const certificates = blocks.filter(block => block.startsWith('-----BEGIN CERTIFICATE-----'))
  const privateKeys = blocks.filter(block => /^-----BEGIN (RSA )?PRIVATE KEY-----/.test(block)).map(pkcs8)
  const found = certificates.flatMap(certificate =>
    privateKeys
      .filter(privateKey => belongs(certificate, privateKey))
      .map(privateKey => ({ certificate: `${certificate}\n`, privateKey })),
  )
  if (found.length > 0) return found
  throw nothing('The files hold no certificate together with its private key.')
}

function belongs(certificate: string, privateKey: string): boolean {
  return new X509Certificate(certificate).checkPrivateKey(createPrivateKey(privateKey))
}

/** The form in which the vault keeps keys. @throws UsageError `sealing-key-import` when it is none, or has a passphrase */
function pkcs8(privateKey: string): string {
  try {
    return createPrivateKey(privateKey).export({ type: 'pkcs8', format: 'pem' }).toString()
  } catch {
    // OpenSSL's sentence says nothing that helps, and the key must not come near a log.
    throw nothing('A private key in it is damaged, or protected by a passphrase.')
  }
}

function nothing(message: string): UsageError {
  return new UsageError(message, {
    code: 'sealing-key-import',
    hint: 'Give tls.crt and tls.key, or: kubectl -n kube-system get secret -l sealedsecrets.bitnami.com/sealed-secrets-key -o yaml',
  })
}

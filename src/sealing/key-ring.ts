import { createPrivateKey, type KeyObject } from 'node:crypto'
import { CosmosError } from '../errors.ts'
import type { SealingKey } from '../vault/contents.ts'
import { parseCertificate, type SealingCertificate } from './certificate.ts'
import { publicKeyFingerprint } from './fingerprint.ts'

export type RingKey = SealingCertificate & { privateKey: KeyObject; pem: SealingKey }

/**
 * Key pairs ready to open with, newest first: by the certificate's NotBefore, as the controller orders them (--key-order-priority).
 * @throws CosmosError `sealing-key-broken` when a private key is none, or belongs to another certificate.
 */
export function keyRing(keys: readonly SealingKey[]): RingKey[] {
  return keys.map(ringKey).sort((a, b) => b.notBefore.getTime() - a.notBefore.getTime())
}

/** The key that seals: the controller's own choice. */
export function newestKey(keys: readonly SealingKey[]): RingKey {
  const [newest] = keyRing(keys)
  if (newest === undefined) throw new CosmosError('There is no sealing key.', { code: 'sealing-key-missing' })
  return newest
}

function ringKey(pem: SealingKey): RingKey {
  const certificate = parseCertificate(pem.certificate)
  let privateKey: KeyObject
  try {
    privateKey = createPrivateKey(pem.privateKey)
  } catch {
    // OpenSSL's sentence says nothing that helps, and the key must not come near a log.
    throw broken(`The private key of ${certificate.fingerprint} is damaged.`)
  }
  if (
    privateKey.asymmetricKeyType !== 'rsa' ||
    publicKeyFingerprint(privateKey) !== certificate.fingerprint
  ) {
    throw broken(
      `The private key kept with the certificate ${certificate.fingerprint} belongs to another one.`,
    )
  }
  return { ...certificate, privateKey, pem }
}

function broken(message: string): CosmosError {
  return new CosmosError(message, {
    code: 'sealing-key-broken',
    hint: 'Look at the keys in the vault: cosmos vault edit',
  })
}

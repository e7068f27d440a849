import { type KeyObject, X509Certificate } from 'node:crypto'
import { UsageError } from '../errors.ts'
import { publicKeyFingerprint } from './fingerprint.ts'

/** What sealing needs: nothing of it is secret. */
export type SealingCertificate = {
  publicKey: KeyObject
  fingerprint: string
  bits: number
  notBefore: Date
  notAfter: Date
}

/** Below this RSA is broken in practice; the controller makes 4096. */
const smallestBits = 2048

/**
 * The first certificate of a PEM text, fit to seal with.
 * @param now decides whether it is expired; left out, expiry is not looked at (unsealing with an old key is fine).
 * @throws UsageError `certificate-invalid`, `certificate-bare-key`, `certificate-not-rsa`, `certificate-too-small`, `certificate-expired`
 */
export function parseCertificate(pem: string, now?: Date): SealingCertificate {
  const certificate = x509(pem)
  const { publicKey } = certificate
  if (publicKey.asymmetricKeyType !== 'rsa') {
    throw refused(
      'certificate-not-rsa',
      `The certificate has a key of type ${publicKey.asymmetricKeyType}; Sealed Secrets works with RSA only.`,
    )
  }
  const bits = publicKey.asymmetricKeyDetails?.modulusLength ?? 0
  if (bits < smallestBits) {
    throw refused(
      'certificate-too-small',
      `The certificate's key has ${bits} bits; at least ${smallestBits} are needed.`,
    )
  }
  const notAfter = new Date(certificate.validTo)
  if (now !== undefined && now > notAfter) {
    throw refused(
      'certificate-expired',
      `The certificate expired on ${notAfter.toISOString().slice(0, 10)}.`,
      'Make a new key: cosmos key rotate',
    )
  }
  const notBefore = new Date(certificate.validFrom)
  return { publicKey, fingerprint: publicKeyFingerprint(publicKey), bits, notBefore, notAfter }
}

function x509(pem: string): X509Certificate {
  const block = /-----BEGIN CERTIFICATE-----[\s\S]*?-----END CERTIFICATE-----/.exec(pem)?.[0]
  if (block === undefined) {
    if (/-----BEGIN [A-Z ]*KEY-----/.test(pem)) {
      throw refused(
        'certificate-bare-key',
        'That is a bare key; sealing wants the certificate around the public key.',
      )
    }
    throw refused('certificate-invalid', 'There is no PEM certificate in it.')
  }
  try {
    return new X509Certificate(block)
  } catch (error) {
    throw refused('certificate-invalid', 'The certificate is damaged.', undefined, error)
  }
}

function refused(code: string, message: string, hint?: string, cause?: unknown): UsageError {
  return new UsageError(message, {
    code,
    hint:
      hint ??
      'cosmos keeps the certificate in cosmos.sealing.crt; write it anew: cosmos key export -o cosmos.sealing.crt',
    cause,
  })
}

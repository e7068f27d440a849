import { generateKeyPair, randomBytes, sign } from 'node:crypto'
import { promisify } from 'node:util'
import type { asn1, pki } from 'node-forge'
import type { SealingKey } from '../vault/contents.ts'

export type SealingKeyOptions = {
  /** Start of validity. The controller seals with the key whose start is latest. */
  notBefore: Date
  years?: number
  bits?: number
}

/**
 * A new key pair for Sealed Secrets: an RSA key by OpenSSL and a self-signed certificate like the one the controller makes for itself
 * (pkg/crypto SignKeyWithNotBefore: CA, encipherOnly, no name, serial of 128 bits).
 * @returns PEM certificate and PEM PKCS#8 private key.
 */
export async function generateSealingKey({
  notBefore,
  years = 10,
  bits = 4096,
}: SealingKeyOptions): Promise<SealingKey> {
  const { publicKey, privateKey } = await promisify(generateKeyPair)('rsa', {
    modulusLength: bits,
    publicKeyEncoding: { type: 'spki', format: 'pem' },
    privateKeyEncoding: { type: 'pkcs8', format: 'pem' },
  })
  const notAfter = new Date(notBefore)
  notAfter.setUTCFullYear(notAfter.getUTCFullYear() + years)
  return { certificate: await selfSigned({ publicKey, privateKey, notBefore, notAfter }), privateKey }
}

/** Public in node-forge, and left out of its types. */
type Layout = { getTBSCertificate(certificate: pki.Certificate): asn1.Asn1 }

type Unsigned = { publicKey: string; privateKey: string; notBefore: Date; notAfter: Date }

async function selfSigned({ publicKey, privateKey, notBefore, notAfter }: Unsigned): Promise<string> {
  const { default: forge } = await import('node-forge')
  const certificate = forge.pki.createCertificate()
  certificate.publicKey = forge.pki.publicKeyFromPem(publicKey)
  certificate.serialNumber = serialNumber()
  certificate.validity.notBefore = notBefore
  certificate.validity.notAfter = notAfter
  certificate.setExtensions([
    { name: 'basicConstraints', critical: true, cA: true },
    { name: 'keyUsage', critical: true, encipherOnly: true },
  ])
  // forge lays the certificate out, OpenSSL signs it.
  const { sha256WithRSAEncryption = '' } = forge.pki.oids
  certificate.md = forge.md.sha256.create()
  certificate.signatureOid = sha256WithRSAEncryption
  certificate.siginfo.algorithmOid = sha256WithRSAEncryption
  certificate.tbsCertificate = (forge.pki as typeof forge.pki & Layout).getTBSCertificate(certificate)
  const body = Buffer.from(forge.asn1.toDer(certificate.tbsCertificate).getBytes(), 'latin1')
  certificate.signature = sign('sha256', body, privateKey).toString('latin1')
  return forge.pki.certificateToPem(certificate).replaceAll('\r\n', '\n')
}

/**
 * 126 random bits behind a first byte of 40 to 7f: positive without a leading zero, and with none to strip. DER has one form of a number, and
 * forge would write a serial that begins with zeros in another, which OpenSSL then refuses to read.
 */
function serialNumber(): string {
  const bytes = randomBytes(16)
  bytes[0] = ((bytes[0] ?? 0) & 0x3f) | 0x40
  return bytes.toString('hex')
}

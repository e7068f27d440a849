import { type KeyObject, sign } from 'node:crypto'

/** One DER element: tag, length, content. */
function der(tag: number, ...content: Buffer[]): Buffer {
  const body = Buffer.concat(content)
  if (body.length < 128) return Buffer.concat([Buffer.from([tag, body.length]), body])
  const length = Buffer.from(body.length.toString(16).padStart(4, '0'), 'hex')
  return Buffer.concat([Buffer.from([tag, 0x80 | length.length]), length, body])
}

const sequence = (...content: Buffer[]) => der(0x30, ...content)
const oids = {
  commonName: der(0x06, Buffer.from('550403', 'hex')),
  ecdsaWithSha256: der(0x06, Buffer.from('2a8648ce3d040302', 'hex')),
  basicConstraints: der(0x06, Buffer.from('551d13', 'hex')),
}
const algorithm = sequence(oids.ecdsaWithSha256)
const name = (text: string) => sequence(der(0x31, sequence(oids.commonName, der(0x0c, Buffer.from(text)))))
const time = (ms: number) =>
  der(0x18, Buffer.from(`${new Date(ms).toISOString().replace(/[-:T]|\.\d+/g, '')}`))

export type CertificateInput = {
  subject: string
  issuer: string
  publicKey: KeyObject
  /** P-256 key of the issuer. */
  issuerKey: KeyObject
  serial: number
  fromMs: number
  isCa: boolean
}

/** An X.509 v3 certificate with a common name and basic constraints, valid for ten years, as PEM. Source: RFC 5280 §4.1. */
export function certificate({
  subject,
  issuer,
  publicKey,
  issuerKey,
  serial,
  fromMs,
  isCa,
}: CertificateInput): string {
  const constraints = sequence(...(isCa ? [der(0x01, Buffer.from([0xff]))] : []))
  const serialBytes = Buffer.from(`00${serial.toString(16).padStart(12, '0')}`, 'hex')
  const body = sequence(
    der(0xa0, der(0x02, Buffer.from([2]))),
    der(
      0x02,
      serialBytes.subarray(
        serialBytes.findIndex((byte, at) => byte !== 0 || (serialBytes[at + 1] ?? 0) > 127),
      ),
    ),
    algorithm,
    name(issuer),
    sequence(time(fromMs), time(fromMs + 3650 * 86_400_000)),
    name(subject),
    publicKey.export({ type: 'spki', format: 'der' }),
    der(
      0xa3,
      sequence(sequence(oids.basicConstraints, der(0x01, Buffer.from([0xff])), der(0x04, constraints))),
    ),
  )
  const signature = sign('sha256', body, issuerKey)
  const whole = sequence(body, algorithm, der(0x03, Buffer.from([0]), signature))
  return `-----BEGIN CERTIFICATE-----\n${whole.toString('base64').replace(/.{64}/g, '$&\n').trimEnd()}\n-----END CERTIFICATE-----\n`
}

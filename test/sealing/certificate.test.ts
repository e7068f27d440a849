import assert from 'node:assert/strict'
import { generateKeyPairSync } from 'node:crypto'
import { keyRing, newestKey, parseCertificate } from '../../src/sealing/index.ts'
import { testKey } from './keys.ts'

/** Made with: openssl req -x509 -newkey ec -pkeyopt ec_paramgen_curve:P-256 -nodes -days 36500 -subj / */
const ec = `-----BEGIN CERTIFICATE-----
MIIBVjCB/aADAgECAhRSLQSWq95ZWoWk4txuQRET/23/YjAKBggqhkjOPQQDAjAA
MCAXDTI2MTEyNDAwMDA1NloYDzIxMjYxMDMxMDAwMDU2WjAAMFkwEwYHKoZIzj0C
AQYIKoZIzj0DAQcDQgAEZqqAyAv+pT2qTJQL8/wmJJTG75TlvrIhsaZW01DHBT7k
fkYeHeSPXmG7x0FCBWMeVQ058YQu/M4tcyhAvSZfoKNTMFEwHQYDVR0OBBYEFC7R
6ZWZDmT+wBojm8NgivxhFeLTMB8GA1UdIwQYMBaAFC7R6ZWZDmT+wBojm8Ngivxh
FeLTMA8GA1UdEwEB/wQFMAMBAf8wCgYIKoZIzj0EAwIDSAAwRQIgBS++ejIoLQEW
0HsLfLb4E4Mhg47go7JgbBPlLD2PDTICIQDw3EC5mHYaBgeCtRyyFcOC5M1LYcSe
DuAWfsrMKIL3rQ==
-----END CERTIFICATE-----`

/** Made with: openssl req -x509 -newkey rsa:1024 -nodes -days 36500 -subj / */
const small = `-----BEGIN CERTIFICATE-----
MIIB3jCCAUegAwIBAgIULrugasyR5P6RiGUjSDszwoV18uwwDQYJKoZIhvcNAQEL
BQAwADAgFw0yNjExMjQwMDAwNTZaGA8yMTI2MTAzMTAwMDA1NlowADCBnzANBgkq
hkiG9w0BAQEFAAOBjQAwgYkCgYEA9CGIjXmhsw27acNuSBPRKQ9dw6CPU+bd1cOu
vUwAPMPTcBEvZSO72lBvT58PBf6bbFgxqLIFBYJBNTBhVO88QA9/hNTeZLE5vg1K
cC3C0bKBBVUYSuAwX05/55YPA5XgApRjvL+K/lqhR/ruZhIEw0PUqO5CJHvou4Si
nezqccUCAwEAAaNTMFEwHQYDVR0OBBYEFAcNSeS4OgaBjbnEtqIJ2rw6mIBsMB8G
A1UdIwQYMBaAFAcNSeS4OgaBjbnEtqIJ2rw6mIBsMA8GA1UdEwEB/wQFMAMBAf8w
DQYJKoZIhvcNAQELBQADgYEANswIm4CxU8IOv+vGhHekvuyPwq0Y4LdiDALLxz8S
HFQNq3lJhJGe1P5JaB7X4MpvFvon0wRQ/z/HKD7beL5kLlZ4J3+XPImW+bRI4QL1
fFLxmyI60rTY+lFe8KBVTm6fLiAi4ijnw/5pAzLhouukEs/hoazh6mjIiG+jCCMz
a0M=
-----END CERTIFICATE-----`

describe('a sealing certificate', () => {
  const now = new Date('2026-06-01')

  it('says its key, size and dates', async () => {
    const { certificate } = await testKey()
    const parsed = parseCertificate(`a comment\n${certificate}`, now)
    assert.equal(parsed.bits, 2048)
    assert.equal(parsed.notBefore.toISOString(), '2026-01-01T00:00:00.000Z')
    assert.equal(parsed.notAfter.toISOString(), '2036-01-01T00:00:00.000Z')
  })

  const bad: [string, () => Promise<string> | string, string][] = [
    ['nothing', () => '', 'certificate-invalid'],
    ['damaged', () => '-----BEGIN CERTIFICATE-----\nAAAA\n-----END CERTIFICATE-----', 'certificate-invalid'],
    [
      'a bare public key',
      () =>
        generateKeyPairSync('rsa', { modulusLength: 2048 })
          .publicKey.export({ type: 'spki', format: 'pem' })
          .toString(),
      'certificate-bare-key',
    ],
    ['a private key', async () => (await testKey()).privateKey, 'certificate-bare-key'],
    ['elliptic', () => ec, 'certificate-not-rsa'],
    ['too small', () => small, 'certificate-too-small'],
  ]
  for (const [what, pem, code] of bad) {
    it(`is refused: ${what}`, async () => {
      const text = await pem()
      assert.throws(
        () => parseCertificate(text, now),
        (error: Error & { code: string }) => error.code === code && !error.message.includes('BEGIN'),
      )
    })
  }

  it('is refused when expired, to the second, and not one second before', async () => {
    const { certificate } = await testKey()
    parseCertificate(certificate, new Date('2036-01-01T00:00:00Z'))
    assert.throws(() => parseCertificate(certificate, new Date('2036-01-01T00:00:01Z')), {
      code: 'certificate-expired',
      message: /2036-01-01/,
    })
  })
})

describe('the key ring', () => {
  it('has the newest key first, whatever the order in the vault', async () => {
    const keys = await Promise.all(['2026-02-01', '2026-03-01', '2026-01-01'].map(testKey))
    assert.deepEqual(
      keyRing(keys).map(({ notBefore }) => notBefore.getUTCMonth()),
      [2, 1, 0],
    )
    assert.equal(newestKey(keys).pem, keys[1])
  })

  it('refuses a private key that is damaged or belongs to another certificate', async () => {
    const [a, b] = await Promise.all(['2026-01-01', '2026-02-01'].map(testKey))
    assert(a && b)
    assert.throws(() => keyRing([{ certificate: a.certificate, privateKey: b.privateKey }]), {
      code: 'sealing-key-broken',
    })
    assert.throws(
      () => keyRing([{ certificate: a.certificate, privateKey: 'TOPSECRET' }]),
      (error: Error) => !String(error.stack).includes('TOPSECRET'),
    )
    assert.throws(() => newestKey([]), { code: 'sealing-key-missing' })
  })
})

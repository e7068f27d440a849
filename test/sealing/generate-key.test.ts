import assert from 'node:assert/strict'
import { createPrivateKey, createPublicKey, X509Certificate } from 'node:crypto'
import { generateSealingKey, publicKeyFingerprint } from '../../src/sealing/index.ts'

describe('generateSealingKey', () => {
  const notBefore = new Date('2041-05-06T07:08:09Z')

  it('makes RSA 4096 with a certificate of ten years that signs itself', async () => {
    const key = await generateSealingKey({ notBefore })
    const certificate = new X509Certificate(key.certificate)
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 4096)
    assert.equal(certificate.verify(certificate.publicKey), true)
    assert.equal(certificate.checkPrivateKey(createPrivateKey(key.privateKey)), true)
    assert.equal(new Date(certificate.validFrom).toISOString(), '2041-05-06T07:08:09.000Z')
    assert.equal(new Date(certificate.validTo).toISOString(), '2051-05-06T07:08:09.000Z')
    assert.match(key.privateKey, /^-----BEGIN PRIVATE KEY-----\n/)
    assert.equal(key.certificate.includes('\r'), false)
  })

  it('gives each key its own serial and fingerprint', async () => {
    const keys = await Promise.all([1, 2].map(() => generateSealingKey({ notBefore, bits: 2048 })))
    const [a, b] = keys.map(({ certificate }) => new X509Certificate(certificate))
    assert.notEqual(a?.serialNumber, b?.serialNumber)
    // A serial that began with zeros made one certificate in 512 unreadable.
    for (const certificate of [a, b]) assert.match(certificate?.serialNumber ?? '', /^[4-7][0-9A-F]{31}$/)
    const prints = keys.map(({ privateKey }) => publicKeyFingerprint(createPublicKey(privateKey)))
    assert.notEqual(prints[0], prints[1])
    for (const print of prints) assert.match(print, /^SHA256:[A-Za-z0-9+/]{43}$/)
  })
})

import assert from 'node:assert/strict'
import { createPrivateKey } from 'node:crypto'
import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import { encryptionLabel, openValue, type Scope } from '../../src/sealing/index.ts'

type Vector = {
  scope: Scope
  namespace: string
  name: string
  label: string
  plaintextBase64: string
  encrypted: string
}
const { privateKeyPkcs8Pem, vectors } = JSON.parse(
  readFileSync(join(import.meta.dirname, 'vectors.json'), 'utf8'),
) as { privateKeyPkcs8Pem: string; vectors: Vector[] }

describe("values sealed by upstream's own function", () => {
  const keys = [{ privateKey: createPrivateKey(privateKeyPkcs8Pem) }]
  for (const { scope, namespace, name, label, plaintextBase64, encrypted } of vectors) {
    it(`opens ${scope} of ${JSON.stringify(Buffer.from(plaintextBase64, 'base64').toString())}`, () => {
      assert.equal(encryptionLabel({ scope, namespace, name }).toString(), label)
      const { plain } = openValue(keys, Buffer.from(label), encrypted)
      assert.equal(plain.toString('base64'), plaintextBase64)
    })
  }

  it('are nine', () => assert.equal(vectors.length, 9))
})

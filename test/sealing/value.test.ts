import assert from 'node:assert/strict'
import { randomBytes } from 'node:crypto'
import { decodeBase64, openValue, type RingKey, sealValue } from '../../src/sealing/index.ts'
import { testRing } from './keys.ts'

const label = Buffer.from('ns/name')

describe('a sealed value', () => {
  let key: RingKey
  let ring: RingKey[]
  before(async () => {
    ring = await testRing('2026-01-01', '2026-02-01')
    const [newest] = ring
    assert(newest)
    key = newest
  })

  for (const [what, plain] of [
    ['text', Buffer.from('pässwörd')],
    ['nothing', Buffer.alloc(0)],
    ['every byte', Buffer.from(Array.from({ length: 256 }, (_, index) => index))],
    ['a mebibyte', randomBytes(1024 * 1024)],
  ] as const) {
    it(`comes back: ${what}`, () => {
      const opened = openValue(ring, label, sealValue(key.publicKey, label, plain))
      assert.deepEqual(opened.plain, plain)
      assert.equal(opened.key, key)
    })
  }

  it('is different each time', () => {
    const [a, b] = [1, 2].map(() => sealValue(key.publicKey, label, Buffer.from('same')))
    assert.notEqual(a, b)
  })

  it('opens with an older key, and says with which', () => {
    const old = ring[1]
    assert(old)
    assert.equal(openValue(ring, label, sealValue(old.publicKey, label, Buffer.from('x'))).key, old)
  })

  it('opens for no other label and with no other key', async () => {
    const sealed = sealValue(key.publicKey, label, Buffer.from('x'))
    assert.throws(() => openValue(ring, Buffer.from('other/name'), sealed), { code: 'sealed-wrong-key' })
    assert.throws(() => openValue([], label, sealed), { code: 'sealed-wrong-key' })
    const others = await testRing('2026-03-01')
    assert.throws(() => openValue(others, label, sealed), { code: 'sealed-wrong-key' })
  })

  const damage: [string, string, (sealed: Buffer) => Buffer | string][] = [
    ['not base64', 'sealed-malformed', () => '!!!'],
    ['nothing', 'sealed-malformed', () => ''],
    ['one byte', 'sealed-malformed', sealed => sealed.subarray(0, 1)],
    ['cut in the RSA part', 'sealed-malformed', sealed => sealed.subarray(0, 100)],
    ['cut before the tag', 'sealed-malformed', sealed => sealed.subarray(0, 2 + 256 + 15)],
    ['cut in the value', 'sealed-altered', sealed => sealed.subarray(0, -1)],
    ['altered in the value', 'sealed-altered', sealed => flipped(sealed, sealed.length - 20)],
    ['altered in the tag', 'sealed-altered', sealed => flipped(sealed, sealed.length - 1)],
    ['altered in the RSA part', 'sealed-wrong-key', sealed => flipped(sealed, 50)],
    [
      'a length that lies',
      'sealed-malformed',
      sealed => Buffer.concat([Buffer.from([255, 255]), sealed.subarray(2)]),
    ],
  ]
  for (const [what, code, hurt] of damage) {
    it(`says what is wrong with it: ${what}`, () => {
      const sealed = Buffer.from(sealValue(key.publicKey, label, Buffer.from('top secret value')), 'base64')
      const hurtText = hurt(sealed)
      const text = typeof hurtText === 'string' ? hurtText : hurtText.toString('base64')
      assert.throws(
        () => openValue(ring, label, text),
        (error: Error & { code: string }) => error.code === code && !error.message.includes('top secret'),
      )
    })
  }
})

describe('base64 as Go reads it', () => {
  for (const [text, want] of [
    ['', ''],
    ['Zm9v', 'foo'],
    ['Zm9vYg==', 'foob'],
    ['Zm\r\n9v\n', 'foo'],
    ['Zm8', undefined],
    ['Zm 9v', undefined],
    ['Zm9_', undefined],
    ['====', undefined],
    ['Zm9v=', undefined],
    ['Zm9v\u00e4abc', undefined],
  ] as const) {
    it(`${JSON.stringify(text)} is ${want === undefined ? 'none' : JSON.stringify(want)}`, () =>
      assert.equal(decodeBase64(text)?.toString(), want))
  }
})

function flipped(bytes: Buffer, at: number): Buffer {
  bytes[at] = (bytes[at] ?? 0) ^ 1
  return bytes
}

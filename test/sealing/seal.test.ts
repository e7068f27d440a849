import assert from 'node:assert/strict'
import {
  examine,
  openSealed,
  placeOf,
  type RingKey,
  readDocuments,
  readSealedSecret,
  readSecret,
  renderObjects,
  type Scope,
  type SealedSecret,
  type Secret,
  sealSecret,
  secretObject,
  type Wishes,
} from '../../src/sealing/index.ts'
import { firstKey, testRing } from './keys.ts'

const secret = (metadata: object, rest: object = { stringData: { a: 'value' } }): Secret =>
  readSecret({ kind: 'Secret', apiVersion: 'v1', metadata, ...rest }, 'in.yaml')

describe('the place of a secret', () => {
  const annotated = (scope: string) => ({ [`sealedsecrets.bitnami.com/${scope}`]: 'true' })
  const good: [string, object, Wishes, [string, string, Scope]][] = [
    ['from the manifest', { name: 'n', namespace: 'ns' }, {}, ['n', 'ns', 'strict']],
    ['from flags', {}, { name: 'n', namespace: 'ns' }, ['n', 'ns', 'strict']],
    [
      'from both, agreeing',
      { name: 'n', namespace: 'ns' },
      { name: 'n', namespace: 'ns' },
      ['n', 'ns', 'strict'],
    ],
    [
      'scope annotated',
      { name: 'n', namespace: 'ns', annotations: annotated('namespace-wide') },
      {},
      ['n', 'ns', 'namespace-wide'],
    ],
    [
      'cluster-wide wins',
      { name: 'n', annotations: { ...annotated('namespace-wide'), ...annotated('cluster-wide') } },
      {},
      ['n', '', 'cluster-wide'],
    ],
    [
      'only "true" counts',
      { name: 'n', namespace: 'ns', annotations: { 'sealedsecrets.bitnami.com/cluster-wide': 'yes' } },
      {},
      ['n', 'ns', 'strict'],
    ],
    [
      'a flag over an annotation',
      { name: 'n', namespace: 'ns', annotations: annotated('cluster-wide') },
      { scope: 'strict' },
      ['n', 'ns', 'strict'],
    ],
    ['cluster-wide needs no namespace', { name: 'n' }, { scope: 'cluster-wide' }, ['n', '', 'cluster-wide']],
  ]
  for (const [what, metadata, wishes, [name, namespace, scope]] of good) {
    it(what, () => assert.deepEqual(placeOf(secret(metadata), wishes), { name, namespace, scope }))
  }

  const bad: [string, object, Wishes, string][] = [
    ['no name', { namespace: 'ns' }, {}, 'seal-no-name'],
    ['no namespace', { name: 'n' }, {}, 'seal-no-namespace'],
    ['no namespace for namespace-wide', { name: 'n' }, { scope: 'namespace-wide' }, 'seal-no-namespace'],
    ['another namespace in the flag', { name: 'n', namespace: 'a' }, { namespace: 'b' }, 'seal-conflict'],
    ['another name in the flag', { name: 'n', namespace: 'a' }, { name: 'm' }, 'seal-conflict'],
  ]
  for (const [what, metadata, wishes, code] of bad) {
    it(`is refused: ${what}`, () =>
      assert.throws(() => placeOf(secret(metadata), wishes), { code, exitCode: 2 }))
  }
})

describe('sealing a Secret', () => {
  let key: RingKey
  before(async () => {
    key = await firstKey()
  })

  function sealed(input: Secret, wishes: Wishes = {}): SealedSecret {
    return readSealedSecret(sealSecret(input, placeOf(input, wishes), key.publicKey), 'sealed.yaml')
  }

  it('moves metadata, type and immutability into the template, and the scope onto both', () => {
    const input = secret(
      { name: 'n', namespace: 'ns', labels: { l: '1' }, annotations: { note: 'x' } },
      { type: 'T', immutable: true, stringData: { b: '2', a: '1' } },
    )
    const { spec, ...rest } = sealSecret(input, placeOf(input, { scope: 'namespace-wide' }), key.publicKey)
    const wide = { 'sealedsecrets.bitnami.com/namespace-wide': 'true' }
    assert.deepEqual(rest, {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name: 'n', namespace: 'ns', annotations: wide },
    })
    assert.deepEqual(spec.template, {
      metadata: { name: 'n', namespace: 'ns', labels: { l: '1' }, annotations: { note: 'x', ...wide } },
      type: 'T',
      immutable: true,
    })
    assert.deepEqual(Object.keys(spec.encryptedData).sort(), ['a', 'b'])
  })

  it('takes other scopes off when a flag says strict', () => {
    const annotations = { 'sealedsecrets.bitnami.com/cluster-wide': 'true' }
    const object = sealSecret(
      secret({ name: 'n', namespace: 'ns', annotations }),
      { name: 'n', namespace: 'ns', scope: 'strict' },
      key.publicKey,
    )
    assert.equal(JSON.stringify(object).includes('cluster-wide'), false)
  })

  for (const scope of ['strict', 'namespace-wide', 'cluster-wide'] as const) {
    it(`opens where it may, and nowhere else: ${scope}`, () => {
      const made = sealed(secret({ name: 'n', namespace: 'ns' }), { scope })
      const opensIn = (name: string, namespace: string) => {
        const moved = { ...made, place: { ...made.place, name, namespace } }
        return examine(moved, [key]).length === 0
      }
      assert.equal(opensIn('n', 'ns'), true)
      assert.equal(opensIn('m', 'ns'), scope !== 'strict')
      assert.equal(opensIn('n', 'other'), scope === 'cluster-wide')
    })
  }

  it('wants data, unless told otherwise', () => {
    const empty = secret({ name: 'n', namespace: 'ns' }, {})
    const place = placeOf(empty, {})
    assert.throws(() => sealSecret(empty, place, key.publicKey), {
      code: 'seal-empty',
      hint: /--allow-empty-data/,
    })
    assert.deepEqual(sealSecret(empty, place, key.publicKey, { allowEmpty: true }).spec.encryptedData, {})
  })

  it('gives the Secret back: text as text, bytes as bytes', () => {
    const data = { text: 'two\nlines', bytes: Buffer.from([0, 255]).toString('base64'), crlf: 'a\r\nb' }
    const made = sealed(
      secret(
        { name: 'n', namespace: 'ns' },
        { data: { bytes: data.bytes }, stringData: { text: data.text, crlf: data.crlf } },
      ),
    )
    const { data: opened } = openSealed(made, [key])
    const object = secretObject(made, opened)
    assert.deepEqual(object.stringData, { text: data.text })
    assert.deepEqual(object.data, { bytes: data.bytes, crlf: Buffer.from(data.crlf).toString('base64') })
  })

  it('goes through YAML and JSON unchanged', async () => {
    const input = secret(
      { name: 'yes', namespace: '1e3', labels: { y: 'no', n: '0x1F', t: '1:30' } },
      { stringData: { on: 'x', '007': 'y' } },
    )
    const object = sealSecret(input, placeOf(input, {}), key.publicKey)
    for (const format of ['yaml', 'json'] as const) {
      const text = await renderObjects([object], format)
      const { documents } = await readDocuments(text, 'x')
      assert.deepEqual(documents[0]?.value, JSON.parse(JSON.stringify(object)))
      if (format === 'yaml')
        for (const word of ['y', 'no', 'on', '1:30', 'yes']) assert.match(text, new RegExp(`"${word}"`))
    }
  })
})

describe('examining a SealedSecret', () => {
  it('finds old keys, lost annotations and damage, key by key', async () => {
    const [newest, old] = await testRing('2026-01-01', '2026-02-01')
    assert(newest && old)
    const input = secret({ name: 'n', namespace: 'ns' }, { stringData: { a: '1' } })
    const place = placeOf(input, {})
    const [byNew, byOld] = [newest, old].map(
      key => sealSecret(input, place, key.publicKey).spec.encryptedData.a ?? '',
    )
    const wide =
      sealSecret(input, { ...place, scope: 'cluster-wide' }, newest.publicKey).spec.encryptedData.a ?? ''
    const made = readSealedSecret(sealSecret(input, place, newest.publicKey), 'x')
    const found = examine(
      { ...made, encryptedData: { good: byNew ?? '', old: byOld ?? '', wide, cut: 'AgA=' } },
      [newest, old],
    )
    assert.deepEqual(
      found.map(({ key, level }) => [key, level]),
      [
        ['old', 'old-key'],
        ['wide', 'error'],
        ['cut', 'error'],
      ],
    )
    assert.match(found[1]?.message ?? '', /sealed as cluster-wide, but the annotations say strict/)
  })

  it('refuses what is no SealedSecret, or one of the old kind', () => {
    assert.throws(() => readSealedSecret({ kind: 'Secret' }, 'x'), { code: 'not-sealed' })
    assert.throws(
      () => readSealedSecret({ kind: 'SealedSecret', metadata: { name: 'n' }, spec: { data: 'AgA' } }, 'x'),
      { code: 'sealed-v1' },
    )
    assert.throws(() => readSealedSecret({ kind: 'SealedSecret', metadata: {} }, 'x'), {
      code: 'seal-no-name',
    })
  })
})

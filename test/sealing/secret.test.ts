import assert from 'node:assert/strict'
import { readDocuments, readSecret, type Secret, wipe } from '../../src/sealing/index.ts'

async function read(text: string): Promise<Secret> {
  const { documents } = await readDocuments(text, 'in.yaml')
  const [document] = documents
  return readSecret(document?.value, document?.where ?? 'in.yaml')
}

const texts = (secret: Secret) =>
  Object.fromEntries([...secret.data].map(([key, value]) => [key, value.toString()]))

describe('a Secret manifest', () => {
  it('is read with everything that goes into the template', async () => {
    const secret = await read(`
apiVersion: v1
kind: Secret
metadata:
  name: app
  namespace: ns
  labels: {app: x}
  annotations: {note: hi, kubectl.kubernetes.io/last-applied-configuration: '{"stringData":{"a":"TOPSECRET"}}'}
  uid: 1234
  creationTimestamp: 2020-01-01T00:00:00Z
  resourceVersion: "7"
  ownerReferences: [{kind: X}]
  managedFields: []
  finalizers: [keep]
type: kubernetes.io/basic-auth
immutable: true
data: {username: YWRtaW4=, both: b2xk}
stringData: {password: s3cret, both: new, empty: ""}
status: {}
`)
    assert.equal(secret.name, 'app')
    assert.equal(secret.namespace, 'ns')
    assert.deepEqual(texts(secret), { username: 'admin', both: 'new', password: 's3cret', empty: '' })
    assert.deepEqual(secret.annotations, { note: 'hi' })
    assert.deepEqual(secret.metadata, { labels: { app: 'x' }, finalizers: ['keep'] })
    assert.equal(secret.type, 'kubernetes.io/basic-auth')
    assert.equal(secret.immutable, true)
    assert.deepEqual(secret.ignored, ['status'])
    assert.equal(JSON.stringify([secret.annotations, secret.metadata]).includes('TOPSECRET'), false)
  })

  it('may be JSON, tabs included', async () => {
    const json = { kind: 'Secret', apiVersion: 'v1', metadata: { name: 'j' }, data: { a: 'Zm9v' } }
    assert.deepEqual(texts(await read(JSON.stringify(json, null, '\t'))), { a: 'foo' })
  })

  it('may use anchors and merge keys', async () => {
    const text =
      'kind: Secret\nmetadata: {name: x}\nstringData:\n  a: &v shared\n  b: *v\n  <<: {c: merged}\n'
    assert.deepEqual(texts(await read(text)), { a: 'shared', b: 'shared', c: 'merged' })
  })

  it('may use one anchor many times', async () => {
    const aliases = Array.from({ length: 60 }, (_, index) => `  k${index}: *v\n`).join('')
    const secret = await read(`kind: Secret\nmetadata: {name: x}\nstringData:\n  a: &v shared\n${aliases}`)
    assert.equal(secret.data.size, 61)
  })

  it('keeps text as it stands, also what YAML 1.1 would take for something else', async () => {
    const text = 'kind: Secret\nmetadata: {name: x}\nstringData: {y: yes, n: "no", t: 12:30:45}\n'
    assert.deepEqual(texts(await read(text)), { y: 'yes', n: 'no', t: '12:30:45' })
  })

  it('takes a value that is nothing for empty, as Kubernetes does', async () => {
    assert.deepEqual(texts(await read('kind: Secret\nmetadata: {name: x}\ndata:\nstringData: {a: }\n')), {
      a: '',
    })
  })

  it('takes plain numbers and truths for the text they are', async () => {
    const text = 'kind: Secret\nmetadata: {name: x}\nstringData: {port: 5432, debug: true, share: -0.5}\n'
    assert.deepEqual(texts(await read(text)), { port: '5432', debug: 'true', share: '-0.5' })
  })

  it('keeps a key called __proto__ a key', async () => {
    assert.deepEqual(
      [...(await read('kind: Secret\nmetadata: {name: x}\nstringData: {__proto__: a}\n')).data.keys()],
      ['__proto__'],
    )
  })

  it('is several, with byte order mark, empty documents and Windows line ends', async () => {
    const { documents } = await readDocuments(
      '\uFEFF---\r\nkind: Secret\r\n---\r\n# nothing\r\n---\r\nkind: Other\r\n...\r\n',
      'in.yaml',
    )
    assert.deepEqual(
      documents.map(({ value }) => value),
      [{ kind: 'Secret' }, { kind: 'Other' }],
    )
    assert.match(documents[1]?.where ?? '', /document 3$/)
  })

  it('is wiped on request', async () => {
    const secret = await read('kind: Secret\nmetadata: {name: x}\nstringData: {a: abc}\n')
    const value = secret.data.get('a')
    wipe(secret)
    assert.deepEqual(value, Buffer.alloc(3))
  })

  const laughs = [
    'a: &a [TOPSECRET,TOPSECRET,TOPSECRET,TOPSECRET,TOPSECRET,TOPSECRET,TOPSECRET,TOPSECRET,TOPSECRET]',
  ]
  for (const [index, name] of [...'bcdefghi'].entries()) {
    const before = String.fromCharCode(97 + index)
    laughs.push(`${name}: &${name} [${Array(9).fill(`*${before}`).join(',')}]`)
  }

  const bad: [string, string, string, RegExp][] = [
    [
      'not a Secret',
      'kind: ConfigMap\nmetadata: {name: TOPSECRET}',
      'not-a-secret',
      /not a Secret but a ConfigMap/,
    ],
    ['no kind', 'stringData: {a: TOPSECRET}', 'not-a-secret', /not a Secret/],
    ['a kind that is no name', 'kind: {a: TOPSECRET}', 'not-a-secret', /not a Secret/],
    [
      'another apiVersion',
      'kind: Secret\napiVersion: v2\nstringData: {a: TOPSECRET}',
      'not-a-secret',
      /apiVersion/,
    ],
    ['a text', 'TOPSECRET', 'not-a-secret', /not a Kubernetes object/],
    ['a sequence', '[TOPSECRET]', 'not-a-secret', /not a Kubernetes object/],
    ['a List', 'kind: List\nitems: [TOPSECRET]', 'manifest-list', /List/],
    ['a SealedSecret', 'kind: SealedSecret\nspec: {a: TOPSECRET}', 'already-sealed', /sealed already/],
    [
      'data that is no base64',
      'kind: Secret\ndata: {a: "TOPSECRET!"}',
      'secret-base64',
      /data\.a is not base64/,
    ],
    ...['0123', '1.10', '1e3', '0x1F', '12345678901234567890'].map(
      number =>
        [
          `a number that is not what it looks like: ${number}`,
          `kind: Secret\nstringData: {port: ${number}}`,
          'manifest-field',
          /stringData\.port must be text: put it in quotes/,
        ] as [string, string, string, RegExp],
    ),
    ['a map as text', 'kind: Secret\nstringData: {a: {b: TOPSECRET}}', 'manifest-field', /stringData\.a/],
    ['data that is no map', 'kind: Secret\ndata: TOPSECRET', 'manifest-field', /data must be a map/],
    ['metadata that is no map', 'kind: Secret\nmetadata: [TOPSECRET]', 'manifest-field', /metadata/],
    ['a name that is no text', 'kind: Secret\nmetadata: {name: 7}', 'manifest-field', /name must be text/],
    ['labels that are no texts', 'kind: Secret\nmetadata: {labels: {a: [1]}}', 'manifest-field', /labels\.a/],
    ['immutable that is no truth', 'kind: Secret\nimmutable: "yes"', 'manifest-field', /immutable/],
    [
      'broken YAML',
      'kind: Secret\nstringData: {a: "TOPSECRET',
      'yaml-broken',
      /^in\.yaml:\d+:\d+: broken YAML/,
    ],
    [
      'bad indentation',
      'kind: Secret\n stringData:\na:\n  TOPSECRET: x\n b: y',
      'yaml-broken',
      /broken YAML/,
    ],
    [
      'the same key twice',
      'kind: Secret\nstringData:\n  a: TOPSECRET\n  a: b',
      'yaml-broken',
      /^in\.yaml:4:3: broken YAML: the same key twice/,
    ],
    ['a tag', 'kind: Secret\nstringData: {a: !vault TOPSECRET}', 'yaml-tag', /tag/],
    ['a binary tag', 'kind: Secret\ndata: {a: !!binary TOPSECRET}', 'manifest-field', /data\.a must be text/],
    ['a script tag', 'kind: Secret\ndata: !!js/function "TOPSECRET"', 'yaml-tag', /tag/],
    ['a billion laughs', laughs.join('\n'), 'yaml-aliases', /aliases/],
    ['an alias to nothing', 'kind: Secret\nstringData: {a: *TOPSECRET}', 'yaml-', /./],
  ]
  for (const [what, text, code, message] of bad)
    it(`is refused without a word of it: ${what}`, () =>
      assert.rejects(read(text), (error: Error & { code: string; exitCode: number; hint?: string }) => {
        assert(error.code.startsWith(code), error.code)
        assert.equal(error.exitCode, 2)
        assert.match(error.message, message)
        assert.equal(
          `${error.message} ${error.hint} ${error.stack} ${String(error.cause)}`.includes('TOPSECRET'),
          false,
        )
        return true
      }))

  it('says the line in the file, not in the document', () =>
    assert.rejects(readDocuments('kind: A\n---\nkind: B\n---\nx: 1\nx: 2\n', 'in.yaml'), {
      message: /^in\.yaml:6:1/,
    }))
})

import assert from 'node:assert/strict'
import { execFile } from 'node:child_process'
import { randomBytes, randomInt } from 'node:crypto'
import { promisify } from 'node:util'
import { parse, parseAllDocuments, stringify } from 'yaml'
import {
  generateSealingKey,
  keyRing,
  openSealed,
  placeOf,
  readDocuments,
  readSealedSecret,
  readSecret,
  renderObjects,
  scopes,
  sealSecret,
} from '../../src/sealing/index.ts'
import { SealProject } from '../rehearsal/seal-project.ts'
import { testKey } from '../sealing/keys.ts'
import { requireProgram, run } from './foreign.ts'

const install =
  'go install github.com/bitnami-labs/sealed-secrets/cmd/kubeseal@v0.36.6, and its folder in PATH'

type Manifest = {
  metadata: { name: string }
  spec: { encryptedData: Record<string, string> }
  data: Record<string, string | null>
}

describe('kubeseal', function () {
  this.timeout(120_000)
  let project: SealProject
  let keyFile: string
  before(async function () {
    requireProgram(this, 'kubeseal', install)
    const keys = [await testKey(), await generateSealingKey({ notBefore: new Date('2026-02-01') })]
    project = await new SealProject(keys).lay()
    keyFile = project.path('keys.yaml')
    const { code, stderr } = await project.opened(['key', 'backup', '-o', keyFile])
    assert.equal(code, 0, stderr)
  })
  after(() => project?.remove())

  /** What kubeseal makes of a SealedSecret with the backup of our keys. */
  function recovered(sealed: string): Record<string, Buffer> {
    const { status, stdout, stderr } = run(
      'kubeseal',
      ['--recovery-unseal', '--recovery-private-key', keyFile],
      { input: sealed },
    )
    assert.equal(status, 0, stderr)
    return bytesOf(JSON.parse(stdout) as Manifest)
  }

  function bytesOf({ data }: Pick<Manifest, 'data'>): Record<string, Buffer> {
    return Object.fromEntries(
      Object.entries(data ?? {}).map(([key, value]) => [key, Buffer.from(value ?? '', 'base64')]),
    )
  }

  function kubeseal(args: string[], input: string): string {
    const { status, stdout, stderr } = run(
      'kubeseal',
      ['--cert', project.path('cosmos.sealing.crt'), ...args],
      { input },
    )
    assert.equal(status, 0, stderr)
    return stdout
  }

  const values: Record<string, Buffer> = {
    text: Buffer.from('pässwörd 🗝\nsecond line'),
    empty: Buffer.alloc(0),
    bytes: Buffer.from(Array.from({ length: 256 }, (_, index) => index)),
    big: randomBytes(1024 * 1024),
    'schlüssel.ключ': Buffer.from('unicode name'),
  }
  const manifest = (metadata: object = { name: 'app', namespace: 'ns' }) => {
    const data = Object.fromEntries(
      Object.entries(values).map(([key, value]) => [key, value.toString('base64')]),
    )
    return stringify({ apiVersion: 'v1', kind: 'Secret', metadata, type: 'Opaque', data })
  }

  for (const scope of scopes) {
    it(`opens what cosmos seals, byte for byte: ${scope}`, async () => {
      const { code, stdout, stderr } = await project.cosmos(['seal', '--scope', scope], { input: manifest() })
      assert.equal(code, 0, stderr)
      assert.deepEqual(recovered(stdout), values)
    })

    it(`seals what cosmos opens, byte for byte: ${scope}`, async () => {
      project.write('theirs.yaml', kubeseal(['-o', 'yaml', '--scope', scope], manifest()))
      const opened = await project.opened(['unseal', 'theirs.yaml', '--format', 'json'])
      assert.equal(opened.code, 0, opened.stderr)
      const { data, stringData } = JSON.parse(opened.stdout)
      const texts = Object.fromEntries(
        Object.entries(stringData).map(([key, text]) => [key, Buffer.from(String(text))]),
      )
      assert.deepEqual({ ...bytesOf({ data }), ...texts }, values)
      for (const [key, value] of Object.entries(values)) {
        const { bytes } = await project.opened(['unseal', 'theirs.yaml', '--key', key])
        assert(bytes.equals(value), key)
      }
    })

    it(`takes and gives raw values: ${scope}`, async () => {
      const place = [
        '--scope',
        scope,
        ...(scope === 'strict' ? ['--name', 'app'] : []),
        ...(scope === 'cluster-wide' ? [] : ['-n', 'ns']),
      ]
      const ours = await project.cosmos(['seal', '--raw', ...place], { input: values.bytes ?? '' })
      assert.equal(ours.code, 0, ours.stderr)
      const theirs = kubeseal(
        ['--raw', ...(scope === 'cluster-wide' ? ['-n', 'any'] : []), ...place],
        values.text?.toString() ?? '',
      )
      const annotations = scope === 'strict' ? {} : { [`sealedsecrets.bitnami.com/${scope}`]: 'true' }
      const sealed = stringify({
        ...{
          apiVersion: 'bitnami.com/v1alpha1',
          kind: 'SealedSecret',
          metadata: { name: 'app', namespace: 'ns', annotations },
        },
        spec: {
          encryptedData: { ours: ours.stdout.trim(), theirs },
          template: { metadata: { name: 'app', namespace: 'ns' } },
        },
      })
      assert.deepEqual(recovered(sealed), { ours: values.bytes, theirs: values.text })
      project.write('raw.yaml', sealed)
      const { stdout } = await project.opened(['unseal', 'raw.yaml', '--key', 'theirs'])
      assert.equal(stdout, values.text?.toString())
    })
  }

  it('writes the same YAML and JSON, ciphertext aside', async () => {
    const input = stringify({
      ...{ apiVersion: 'v1', kind: 'Secret', type: 'kubernetes.io/basic-auth', immutable: true },
      metadata: {
        ...{
          name: 'app',
          namespace: 'ns',
          labels: { b: 'x', a: '1' },
          finalizers: ['x/y'],
          resourceVersion: '12',
        },
        annotations: {
          'sealedsecrets.bitnami.com/namespace-wide': 'true',
          'kubectl.kubernetes.io/last-applied-configuration': '{}',
          note: 'on: "x"',
        },
      },
      stringData: { username: 'u', password: 'p', 'a.b': 'x' },
    })
    const blank = (text: string) => text.replace(/Ag[A-Za-z0-9+/=]{300,}/g, 'CIPHERTEXT')
    const yaml = await project.cosmos(['seal'], { input })
    assert.equal(blank(yaml.stdout), blank(kubeseal(['-o', 'yaml'], input)))
    const json = await project.cosmos(['seal', '--format', 'json'], { input })
    assert.deepEqual(JSON.parse(blank(json.stdout)), JSON.parse(blank(kubeseal([], input))))
  })

  it('and cosmos merge into each other’s files', async () => {
    const one = stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'app', namespace: 'ns' },
      stringData: { a: '1' },
    })
    const two = one.replace('a: "1"', 'b: "2"')
    project.write('a.yaml', kubeseal(['-o', 'yaml'], one))
    const merged = await project.cosmos(['seal', '--merge-into', 'a.yaml'], { input: two })
    assert.equal(merged.code, 0, merged.stderr)
    assert.deepEqual(recovered(project.read('a.yaml')), { a: Buffer.from('1'), b: Buffer.from('2') })
    project.write('b.yaml', (await project.cosmos(['seal'], { input: one })).stdout)
    kubeseal(['-o', 'yaml', '--merge-into', project.path('b.yaml')], two)
    const opened = parse((await project.opened(['unseal', 'b.yaml'])).stdout) as { stringData: unknown }
    assert.deepEqual(opened.stringData, { a: '1', b: '2' })
  })

  it('opens what was sealed with an old key and resealed to the new', async () => {
    const old = project.write('old.crt', project.keys[0]?.certificate ?? '')
    const input = stringify({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'app', namespace: 'ns' },
      stringData: { a: '1' },
    })
    assert.equal((await project.cosmos(['seal', '--cert', old, '-o', 're.yaml'], { input })).code, 0)
    const before = project.read('re.yaml')
    assert.equal((await project.opened(['seal', '--reseal', 're.yaml'])).code, 0)
    assert.notEqual(project.read('re.yaml'), before)
    const { status, stdout, stderr } = run(
      'kubeseal',
      ['--recovery-unseal', '--recovery-private-key', await newestKey()],
      { input: project.read('re.yaml') },
    )
    assert.equal(status, 0, stderr)
    assert.deepEqual(bytesOf(JSON.parse(stdout)), { a: Buffer.from('1') })
  })

  async function newestKey(): Promise<string> {
    await project.opened(['key', 'export', '--private', '-o', 'newest.pem'])
    return project.path('newest.pem')
  }

  describe('500 random secrets', () => {
    /** A throw-away key of 2048 bits: the format is the same, and 500 processes end sooner. */
    const key = testKey()
    const secrets = Array.from({ length: 500 }, (_, index) => ({
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: `s-${index}`, namespace: `ns-${index % 7}`, annotations: annotation(index) },
      data: Object.fromEntries(
        Array.from({ length: 1 + (index % 3) }, (_, entry) => [
          `k${entry}`,
          randomBytes(randomInt(0, 400)).toString('base64'),
        ]),
      ),
    }))

    function annotation(index: number): Record<string, string> {
      const scope = scopes[index % 3]
      return scope === undefined || scope === 'strict'
        ? {}
        : { [`sealedsecrets.bitnami.com/${scope}`]: 'true' }
    }

    it('sealed by kubeseal, opened by cosmos', async () => {
      project.write('small.crt', (await key).certificate)
      const input = secrets.map(secret => `---\n${stringify(secret)}`).join('')
      const { status, stdout, stderr } = run(
        'kubeseal',
        ['--cert', project.path('small.crt'), '-o', 'yaml'],
        { input },
      )
      assert.equal(status, 0, stderr)
      const { documents } = await readDocuments(stdout, 'theirs')
      assert.equal(documents.length, secrets.length)
      const ring = keyRing([await key])
      for (const [index, { value, where }] of documents.entries()) {
        const { data } = openSealed(readSealedSecret(value, where), ring)
        const got = Object.fromEntries([...data].map(([name, bytes]) => [name, bytes.toString('base64')]))
        assert.deepEqual(got, secrets[index]?.data)
      }
    })

    it('sealed by cosmos, opened by kubeseal', async () => {
      const keys = project.write('small.pem', (await key).privateKey)
      const [ringKey] = keyRing([await key])
      assert(ringKey)
      const queue = [...secrets.entries()]
      const worker = async () => {
        for (let next = queue.pop(); next !== undefined; next = queue.pop()) {
          const [index, object] = next
          const secret = readSecret(object, `secret ${index}`)
          const sealed = await renderObjects(
            [sealSecret(secret, placeOf(secret, {}), ringKey.publicKey)],
            'yaml',
          )
          const got = await recoveredBy(project.path(keys), sealed)
          assert.deepEqual(got, object.data)
        }
      }
      await Promise.all([worker(), worker(), worker()])
    })

    async function recoveredBy(keys: string, sealed: string): Promise<Record<string, string>> {
      const child = promisify(execFile)('kubeseal', ['--recovery-unseal', '--recovery-private-key', keys])
      child.child.stdin?.end(sealed)
      const { data } = JSON.parse((await child).stdout) as Manifest
      return Object.fromEntries(Object.entries(data).map(([name, value]) => [name, value ?? '']))
    }
  })

  it('seals several documents as cosmos does', async () => {
    const input = [1, 2]
      .map(
        n =>
          `---\n${stringify({ apiVersion: 'v1', kind: 'Secret', metadata: { name: `n${n}`, namespace: 'ns' }, stringData: { a: 'x' } })}`,
      )
      .join('')
    const names = (text: string) =>
      parseAllDocuments(text).map(document => (document.toJS() as Manifest).metadata.name)
    const { stdout } = await project.cosmos(['seal'], { input })
    assert.deepEqual(names(stdout), names(kubeseal(['-o', 'yaml'], input)))
  })

  for (const [what, input] of [
    ['no data', { metadata: { name: 'a', namespace: 'b' } }],
    ['no name', { metadata: { namespace: 'b' }, stringData: { a: 'x' } }],
    ['data that is no base64', { metadata: { name: 'a', namespace: 'b' }, data: { a: '!' } }],
  ] as const) {
    it(`refuses, as cosmos does: ${what}`, async () => {
      const text = stringify({ apiVersion: 'v1', kind: 'Secret', ...input })
      const theirs = run('kubeseal', ['--cert', project.path('cosmos.sealing.crt')], { input: text })
      const ours = await project.cosmos(['seal'], { input: text })
      assert.notEqual(theirs.status, 0)
      assert.equal(ours.code, 2)
    })
  }
})

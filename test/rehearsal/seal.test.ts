import assert from 'node:assert/strict'
import { mkdirSync, readdirSync, symlinkSync } from 'node:fs'
import { createServer } from 'node:http'
import type { AddressInfo } from 'node:net'
import { parse, parseAllDocuments, stringify } from 'yaml'
import { testKey } from '../sealing/keys.ts'
import { type Ended, SealProject } from './seal-project.ts'

type Sealed = {
  kind: string
  metadata: { name: string; namespace?: string; annotations?: Record<string, string> }
  spec: {
    encryptedData: Record<string, string>
    template: { type?: string; metadata: Record<string, unknown> }
  }
}

describe('cosmos seal', function () {
  this.timeout(60_000)
  let project: SealProject
  before(async () => {
    project = await new SealProject([await testKey('2026-01-01')]).lay()
  })
  after(() => project.remove())

  const sealed = (text: string): Sealed[] =>
    parseAllDocuments(text).map(document => document.toJS() as Sealed)

  /** The texts in a sealed file, by `cosmos unseal`. */
  async function texts(file: string): Promise<unknown> {
    const { code, stdout, stderr } = await project.opened(['unseal', file])
    assert.equal(code, 0, stderr)
    return (parse(stdout) as { stringData?: unknown }).stringData
  }

  function ok(ended: Ended): Ended {
    assert.equal(ended.code, 0, ended.stderr)
    return ended
  }

  describe('what it takes', () => {
    it('a file, without the passphrase, and says what was sealed for where', async () => {
      const { stdout, stderr } = ok(
        await project.cosmos(['seal', project.secret('s.yaml', { a: 'TOPSECRET' })]),
      )
      const [object] = sealed(stdout)
      assert.equal(object?.kind, 'SealedSecret')
      assert.match(stderr, /Sealed ns\/app \(strict\): 1 value, for the key SHA256:/)
      assert.equal((stdout + stderr).includes('TOPSECRET'), false)
    })

    it('standard input, several documents and JSON', async () => {
      const yaml = ['one', 'two']
        .map(name => `---\nkind: Secret\nmetadata: {name: ${name}, namespace: ns}\nstringData: {a: x}\n`)
        .join('')
      assert.deepEqual(
        sealed(ok(await project.cosmos(['seal'], { input: yaml })).stdout).map(
          ({ metadata }) => metadata.name,
        ),
        ['one', 'two'],
      )
      const json = JSON.stringify({
        kind: 'Secret',
        metadata: { name: 'j', namespace: 'ns' },
        data: { a: 'Zm9v' },
      })
      const { stdout } = ok(await project.cosmos(['seal', '-', '--format', 'json'], { input: json }))
      assert.equal((JSON.parse(stdout) as Sealed).metadata.name, 'j')
    })

    it('flags instead of a manifest', async () => {
      project.write('password', 'two\nlines\n')
      const flags = [
        '--from-literal',
        'user=a=b',
        '--from-file',
        'password',
        '--from-file',
        'pw=password',
        '--type',
        'kubernetes.io/basic-auth',
        '--label',
        'a=b',
      ]
      ok(await project.cosmos(['seal', 'made', '-n', 'ns', ...flags, '-o', 'made.yaml']))
      assert.deepEqual(await texts('made.yaml'), {
        user: 'a=b',
        password: 'two\nlines\n',
        pw: 'two\nlines\n',
      })
      const [object] = sealed(project.read('made.yaml'))
      assert.equal(object?.spec.template.type, 'kubernetes.io/basic-auth')
      assert.deepEqual(object?.spec.template.metadata.labels, { a: 'b' })
    })

    it('a certificate from elsewhere, by file and by URL', async () => {
      const other = await testKey('2026-03-01')
      const server = createServer((request, response) => {
        response.statusCode = request.url === '/cert.pem' ? 200 : 404
        response.end(other.certificate)
      }).listen(0, '127.0.0.1')
      await new Promise(resolve => server.once('listening', resolve))
      const url = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
      const secret = project.secret('s.yaml', { a: 'x' })
      const byFile = ok(
        await project.cosmos(['seal', secret, '--cert', project.write('other.crt', other.certificate)]),
      )
      const byUrl = ok(await project.cosmos(['seal', secret, '--cert', `${url}/cert.pem`]))
      const print = (stderr: string) => /SHA256:\S+/.exec(stderr)?.[0]
      assert.equal(print(byUrl.stderr), print(byFile.stderr))
      const gone = await project.cosmos(['seal', secret, '--cert', `${url}/no`])
      assert.equal(gone.code, 2)
      assert.match(gone.stderr, /the server answered 404/)
      server.close()
    })
  })

  describe('what it gives', () => {
    it('the scope of the flag on both, and of the annotation', async () => {
      const secret = project.secret('s.yaml', { a: 'x' })
      const [wide] = sealed(ok(await project.cosmos(['seal', secret, '--scope', 'cluster-wide'])).stdout)
      const annotations = { 'sealedsecrets.bitnami.com/cluster-wide': 'true' }
      assert.deepEqual(wide?.metadata.annotations, annotations)
      assert.deepEqual(wide?.spec.template.metadata.annotations, annotations)
    })

    it('a file, as JSON when it is called so, and never half', async () => {
      ok(await project.cosmos(['seal', project.secret('s.yaml', { a: 'x' }), '-o', 'out.json']))
      assert.equal((JSON.parse(project.read('out.json')) as Sealed).kind, 'SealedSecret')
      const before = project.read('out.json')
      const failed = await project.cosmos([
        'seal',
        project.write(
          'two.yaml',
          'kind: Secret\nmetadata: {name: a, namespace: b}\nstringData: {a: x}\n---\nkind: Pod\n',
        ),
        '-o',
        'out.json',
      ])
      assert.equal(failed.code, 2)
      assert.equal(project.read('out.json'), before)
    })

    it('one object with --json, and nothing secret in it', async () => {
      const { stdout } = ok(
        await project.cosmos(['seal', project.secret('s.yaml', { a: 'TOPSECRET' }), '--json']),
      )
      const result = JSON.parse(stdout) as { sealed: unknown[]; manifests: Sealed[] }
      assert.equal(result.manifests[0]?.kind, 'SealedSecret')
      assert.equal(stdout.includes('TOPSECRET'), false)
    })

    it('warnings for a key no Secret has, and for one Kubernetes refuses', async () => {
      const input =
        'kind: Secret\nmetadata: {name: a, namespace: b}\nstringdata: {x: TOPSECRET}\nstringData: {a b: TOPSECRET}\n'
      const { stderr } = ok(await project.cosmos(['seal'], { input }))
      assert.match(stderr, /no Secret has stringdata; ignored/)
      assert.match(stderr, /it will refuse a b/)
      assert.equal(stderr.includes('TOPSECRET'), false)
    })
  })

  describe('in place', () => {
    it('replaces Secrets, keeps everything else byte for byte, and drops comments that may tell', async () => {
      const rest = '# an app\nkind:   Deployment\nmetadata: {name: x}   # odd   layout\n'
      project.write(
        'mixed.yaml',
        `${rest}---\n# password: TOPSECRET\nkind: Secret\nmetadata: {name: app, namespace: ns}\nstringData: {a: TOPSECRET}\n---\n${rest}`,
      )
      ok(await project.cosmos(['seal', '-i', 'mixed.yaml']))
      const text = project.read('mixed.yaml')
      assert(text.startsWith(`${rest}---\napiVersion: bitnami.com`))
      assert(text.endsWith(`---\n${rest}`))
      assert.equal(text.includes('TOPSECRET'), false)
    })

    it('keeps documents apart that only an end mark parted', async () => {
      const secret = 'kind: Secret\nmetadata: {name: app, namespace: ns}\nstringData: {a: x}\n...\n'
      project.write('dots.yaml', `${secret}kind: Other\n`)
      ok(await project.cosmos(['seal', '-i', 'dots.yaml']))
      assert.deepEqual(
        sealed(project.read('dots.yaml')).map(({ kind }) => kind),
        ['SealedSecret', 'Other'],
      )
    })

    it('works on a folder, with a summary, and a second time finds nothing to do', async () => {
      mkdirSync(project.path('tree/deep'), { recursive: true })
      project.secret('tree/a.yaml', { a: '1' }, { name: 'a', namespace: 'ns' })
      project.secret('tree/deep/b.yml', { b: '2' }, { name: 'b', namespace: 'ns' })
      project.write(
        'tree/c.json',
        JSON.stringify({ kind: 'Secret', metadata: { name: 'c', namespace: 'ns' }, stringData: { c: '3' } }),
      )
      project.write('tree/chart.yaml', 'kind: Secret\nmetadata: {{ .Meta }}\n  name: {{ .Name }}\n')
      project.write('tree/notes.txt', 'kind: Secret\n')
      const first = ok(await project.cosmos(['seal', '--in-place', 'tree']))
      assert.match(first.stderr, /3 secrets sealed in 3 files\./)
      assert.match(first.stderr, /tree\/chart\.yaml: a template, not a manifest; passed by/)
      assert.deepEqual(await texts('tree/deep/b.yml'), { b: '2' })
      assert.equal((JSON.parse(project.read('tree/c.json')) as Sealed).kind, 'SealedSecret')
      const second = ok(await project.cosmos(['seal', '--in-place', 'tree']))
      assert.match(second.stderr, /0 secrets sealed in 0 files\./)
    })

    it('writes no file of a folder when one of them is bad', async () => {
      mkdirSync(project.path('bad'))
      project.secret('bad/a.yaml', { a: '1' })
      project.write('bad/b.yaml', 'kind: Secret\nstringData: {a: TOPSECRET}\n')
      const { code, stderr } = await project.cosmos(['seal', '-i', 'bad'])
      assert.equal(code, 1)
      assert.match(stderr, /bad\/b\.yaml has no metadata\.name/)
      assert.match(project.read('bad/a.yaml'), /kind: Secret/)
      assert.equal(stderr.includes('TOPSECRET'), false)
    })

    it('refuses a link that leads out of the folder, and follows one that stays', async () => {
      mkdirSync(project.path('links'))
      project.secret('outside.yaml', { a: '1' })
      project.secret('s.yaml', { a: '1' })
      symlinkSync('../outside.yaml', project.path('links/out.yaml'))
      for (const args of [
        ['seal', '-i', 'links/out.yaml'],
        ['seal', '-i', 'links'],
        ['seal', 's.yaml', '-o', 'links/out.yaml'],
      ]) {
        const { code, stderr } = await project.cosmos(args)
        assert.equal(code, 3, stderr)
        assert.match(stderr, /leads out of/)
      }
      assert.match(project.read('outside.yaml'), /kind: Secret/)
      mkdirSync(project.path('inner'))
      project.secret('inner/real.yaml', { a: '1' })
      symlinkSync('real.yaml', project.path('inner/link.yaml'))
      ok(await project.cosmos(['seal', '-i', 'inner/link.yaml']))
      assert.match(project.read('inner/real.yaml'), /SealedSecret/)
    })

    it('refuses a document that may be the other half of a Secret', async () => {
      project.write(
        'half.yaml',
        'kind: Secret\nmetadata: {name: a, namespace: b}\nstringData: {a: x}\n---\nstringData: {b: TOPSECRET}\n',
      )
      const { code } = await project.cosmos(['seal', '-i', 'half.yaml'])
      assert.equal(code, 2)
      assert.match(project.read('half.yaml'), /^kind: Secret/)
    })
  })

  describe('merging', () => {
    it('keeps comments and order, adds and replaces', async () => {
      ok(
        await project.cosmos([
          'seal',
          'app',
          '-n',
          'ns',
          '--from-literal',
          'old=1',
          '--from-literal',
          'stays=2',
          '-o',
          'm.yaml',
        ]),
      )
      project.write(
        'm.yaml',
        project
          .read('m.yaml')
          .replace('spec:', 'spec: # ours')
          .replace('    stays:', '    # why\n    stays:'),
      )
      const before = project.read('m.yaml').split('\n')
      ok(
        await project.cosmos([
          'seal',
          '--merge-into',
          'm.yaml',
          '--from-literal',
          'old=new',
          '--from-literal',
          'more=3',
        ]),
      )
      const after = project.read('m.yaml').split('\n')
      assert.deepEqual(await texts('m.yaml'), { old: 'new', stays: '2', more: '3' })
      assert.equal(after.length, before.length + 1)
      assert.equal(before.filter(line => !after.includes(line)).length, 1)
    })

    it('takes the scope of the file', async () => {
      ok(
        await project.cosmos([
          'seal',
          'app',
          '-n',
          'ns',
          '--scope',
          'namespace-wide',
          '--from-literal',
          'a=1',
          '-o',
          'w.yaml',
        ]),
      )
      ok(await project.cosmos(['seal', '--merge-into', 'w.yaml', '--from-literal', 'b=2']))
      assert.deepEqual(await texts('w.yaml'), { a: '1', b: '2' })
      for (const flags of [
        ['--scope', 'strict'],
        ['-n', 'other'],
        ['--name', 'other'],
      ]) {
        const { code, stderr } = await project.cosmos([
          'seal',
          '--merge-into',
          'w.yaml',
          '--from-literal',
          'b=2',
          ...flags,
        ])
        assert.equal(code, 2, stderr)
      }
      const elsewhere = project.secret('elsewhere.yaml', { a: 'x' }, { name: 'app', namespace: 'other' })
      assert.equal((await project.cosmos(['seal', elsewhere, '--merge-into', 'w.yaml'])).code, 2)
    })

    it('refuses a target that is no SealedSecret, or is not there', async () => {
      const plain = project.secret('plain.yaml', { a: 'x' })
      for (const target of [plain, 'not-there.yaml']) {
        assert.equal(
          (await project.cosmos(['seal', '--merge-into', target, '--from-literal', 'b=2'])).code,
          2,
        )
      }
    })
  })

  describe('bad input', () => {
    const manifest = (object: object) =>
      stringify({
        apiVersion: 'v1',
        kind: 'Secret',
        metadata: { name: 'n', namespace: 'ns' },
        stringData: { a: 'TOPSECRET' },
        ...object,
      })
    const bad: [string, string[], string, RegExp][] = [
      ['no input', ['seal'], '', /There is no manifest in standard input/],
      ['not a Secret', ['seal'], manifest({ kind: 'ConfigMap' }), /not a Secret but a ConfigMap/],
      ['a List', ['seal'], manifest({ kind: 'List' }), /is a List/],
      ['sealed already', ['seal'], manifest({ kind: 'SealedSecret' }), /is sealed already/],
      ['no name', ['seal'], manifest({ metadata: { namespace: 'ns' } }), /no metadata\.name/],
      ['no namespace', ['seal'], manifest({ metadata: { name: 'n' } }), /opens in one namespace only/],
      [
        'another namespace',
        ['seal', '-n', 'other'],
        manifest({}),
        /namespace "ns", and --namespace says "other"/,
      ],
      ['another name', ['seal', '--name', 'other'], manifest({}), /name "n", and --name says "other"/],
      ['no data', ['seal'], manifest({ stringData: {} }), /holds no data/],
      ['broken YAML', ['seal'], 'kind: Secret\nstringData: {a: "TOPSECRET\n', /broken YAML/],
      ['no base64', ['seal'], manifest({ data: { b: 'TOPSECRET!' } }), /data\.b is not base64/],
      ['a folder', ['seal', '.'], '', /is a folder[\s\S]*cosmos seal -i \./],
      ['no file', ['seal', 'nowhere.yaml'], '', /There is no file nowhere\.yaml/],
      [
        'a literal without =',
        ['seal', 'x', '-n', 'ns', '--from-literal', 'TOPSECRET'],
        '',
        /number 1 is not KEY=VALUE/,
      ],
      [
        'a key twice',
        ['seal', 'x', '-n', 'ns', '--from-literal', 'a=1', '--from-literal', 'a=2'],
        '',
        /a is given twice/,
      ],
      ['a file that is not there', ['seal', 'x', '-n', 'ns', '--from-file', 'nowhere'], '', /no such file/],
      ['a folder that is not there', ['seal', '-o', 'no/where.yaml'], manifest({}), /cannot be written/],
      ['a file in the way', ['seal', '-o', 'cosmos.yaml/x'], manifest({}), /cannot be written/],
      ['no certificate', ['seal', '--cert', 'nowhere'], manifest({}), /certificate cannot be read/],
      ['no certificate in it', ['seal', '--cert', 'cosmos.yaml'], manifest({}), /no PEM certificate/],
      ['two modes', ['seal', '--raw', '--validate', 'x'], '', /cannot also be provided/],
      ['raw without a place', ['seal', '--raw'], 'TOPSECRET', /no metadata\.name/],
    ]
    for (const [what, args, input, message] of bad) {
      it(`is refused without a word of it: ${what}`, async () => {
        const before = readdirSync(project.dir)
        const { code, stdout, stderr } = await project.cosmos(args, { input })
        assert([1, 2].includes(code ?? -1), stderr)
        assert.match(stderr, message)
        assert.equal(stdout, '')
        assert.equal(stderr.includes('TOPSECRET'), false)
        assert.deepEqual(readdirSync(project.dir), before)
      })
    }

    it('is refused: text that is not UTF-8', async () => {
      const { code, stderr } = await project.cosmos(['seal'], { input: Buffer.from(manifest({}), 'utf16le') })
      assert.equal(code, 2)
      assert.match(stderr, /not UTF-8|broken YAML|not a/)
    })

    it('is taken: empty data, when asked for', async () => {
      const { stdout } = ok(
        await project.cosmos(['seal', '--allow-empty-data'], { input: manifest({ stringData: {} }) }),
      )
      assert.deepEqual(sealed(stdout)[0]?.spec.encryptedData, {})
    })
  })
})

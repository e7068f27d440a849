import assert from 'node:assert/strict'
import { existsSync, statSync } from 'node:fs'
import { parse, stringify } from 'yaml'
import { requireProgram, run } from '../interop/foreign.ts'
import { testKey } from '../sealing/keys.ts'
import { type Ended, passphrase, SealProject } from '../rehearsal/seal-project.ts'

describe('sealed secrets with the vault at hand', function () {
  this.timeout(60_000)
  let project: SealProject
  beforeEach(async () => {
    project = await new SealProject([await testKey('2026-01-01'), await testKey('2026-02-01')]).lay()
  })
  afterEach(() => project.remove())

  function ok(ended: Ended): Ended {
    assert.equal(ended.code, 0, ended.stderr)
    return ended
  }

  async function seal(file: string, texts: Record<string, string>, ...flags: string[]): Promise<string> {
    ok(await project.cosmos(['seal', project.secret('plain.yaml', texts), '-o', file, ...flags]))
    return file
  }

  /** Seals with the older key. */
  const sealOld = (file: string, texts: Record<string, string>) =>
    seal(file, texts, '--cert', project.write('old.crt', project.keys[0]?.certificate ?? ''))

  async function texts(file: string): Promise<unknown> {
    return (parse(ok(await project.opened(['unseal', file])).stdout) as { stringData?: unknown }).stringData
  }

  /** An editor that notes where the text was and then does this to it. */
  function editor(command: string): Record<string, string> {
    const where = project.path('where')
    project.write(
      'editor',
      `dirname "$1" > ${where}
${command} "$1"
`,
    )
    return { EDITOR: `sh ${project.path('editor')}` }
  }

  /** The folder that the editor worked in is no more. */
  function assertWiped(): void {
    const folder = project.read('where').trim()
    assert.match(folder, /cosmos-edit-/)
    assert.equal(existsSync(folder), false)
  }

  describe('unseal', () => {
    it('gives a Secret that seals to the same again', async () => {
      const { stdout } = ok(await project.opened(['unseal', await seal('s.yaml', { a: '1', b: 'ä\nö' })]))
      assert.deepEqual(parse(stdout), {
        ...{ apiVersion: 'v1', kind: 'Secret', metadata: { name: 'app', namespace: 'ns' } },
        stringData: { a: '1', b: 'ä\nö' },
      })
      ok(await project.cosmos(['seal', '-', '-o', 'again.yaml'], { input: stdout }))
      assert.deepEqual(await texts('again.yaml'), { a: '1', b: 'ä\nö' })
    })

    it('gives one value byte for byte, and a folder as documents', async () => {
      await seal('s.yaml', { a: 'no line end' })
      assert.equal((await project.opened(['unseal', 's.yaml', '-k', 'a'])).stdout, 'no line end')
      const { stdout } = ok(await project.opened(['unseal', '.']))
      assert.equal(stdout.match(/kind: Secret/g)?.length, 1)
      const none = await project.opened(['unseal', 's.yaml', '-k', 'b'])
      assert.equal(none.code, 1)
      assert.match(none.stderr, /It has: a/)
    })

    it('writes a file that only its owner reads, whatever was there', async () => {
      project.write('open.yaml', 'x')
      ok(await project.opened(['unseal', await seal('s.yaml', { a: 'x' }), '-o', 'open.yaml']))
      assert.equal(statSync(project.path('open.yaml')).mode & 0o777, 0o600)
    })

    it('masks in --json, unless asked', async () => {
      await seal('s.yaml', { a: 'TOPSECRET' })
      assert.equal((await project.opened(['unseal', 's.yaml', '--json'])).stdout.includes('TOPSECRET'), false)
      assert.equal(
        (await project.opened(['unseal', 's.yaml', '--json', '--reveal'])).stdout.includes('TOPSECRET'),
        true,
      )
    })

    it('masks on a terminal, unless asked', async function () {
      requireProgram(this, 'script', 'apt-get install bsdutils')
      await seal('s.yaml', { a: 'TOPSECRET' })
      const screen = (flags: string) => {
        const command = `${process.execPath} ${new URL('../../bin/run.js', import.meta.url).pathname} unseal s.yaml ${flags}`
        const env = { PATH: process.env.PATH ?? '', COSMOS_PASSPHRASE: passphrase }
        return run('script', ['-qec', command, '/dev/null'], { cwd: project.dir, env }).stdout
      }
      for (const flags of ['', '-k a']) {
        assert.match(screen(flags), /••••/)
        assert.equal(screen(flags).includes('TOPSECRET'), false)
      }
      assert.match(screen('--reveal'), /TOPSECRET/)
    })

    it('says what is needed when nobody can be asked, and when the passphrase is wrong', async () => {
      await seal('s.yaml', { a: 'x' })
      const nobody = await project.cosmos(['unseal', 's.yaml'])
      assert.equal(nobody.code, 2)
      assert.match(nobody.stderr, /COSMOS_PASSPHRASE_FILE/)
      const wrong = await project.opened(['unseal', 's.yaml'], { COSMOS_PASSPHRASE: 'wrong' })
      assert.equal(wrong.code, 1)
      assert.match(wrong.stderr, /does not open the vault/)
    })

    const damage: [string, (cipher: string) => string, RegExp][] = [
      ['truncated', cipher => cipher.slice(0, -8), /altered/],
      ['cut short', cipher => cipher.slice(0, 100), /cut short/],
      [
        'altered',
        cipher => `${cipher.slice(0, -6)}${cipher.at(-6) === 'A' ? 'B' : 'A'}${cipher.slice(-5)}`,
        /altered/,
      ],
      ['no base64', () => 'AgA???', /not base64/],
    ]
    for (const [what, hurt, message] of damage) {
      it(`says which value is ${what}`, async () => {
        await seal('s.yaml', { good: 'TOPSECRET', hurt: 'TOPSECRET' })
        const manifest = parse(project.read('s.yaml')) as { spec: { encryptedData: Record<string, string> } }
        manifest.spec.encryptedData.hurt = hurt(manifest.spec.encryptedData.hurt ?? '')
        project.write('s.yaml', stringify(manifest))
        const { code, stdout, stderr } = await project.opened(['unseal', 's.yaml'])
        assert.equal(code, 1)
        assert.match(stderr, /s\.yaml, key hurt/)
        assert.match(stderr, message)
        assert.equal((stdout + stderr).includes('TOPSECRET'), false)
      })
    }
  })

  describe('--validate', () => {
    it('says which key sealed, and finds a move to another namespace', async () => {
      await seal('new.yaml', { a: 'x' })
      await sealOld('old.yaml', { a: 'x' })
      const fine = ok(await project.opened(['seal', '--validate', '.']))
      assert.match(fine.stdout, /ns\/app\s+strict\s+1\s+opens, newest key\s+new\.yaml/)
      assert.match(fine.stdout, /opens, older key\s+old\.yaml/)
      assert.match(fine.stderr, /--reseal/)
      project.write('moved.yaml', project.read('new.yaml').replaceAll('namespace: ns', 'namespace: other'))
      const { code, stderr } = await project.opened(['seal', '--validate', '.'])
      assert.equal(code, 1)
      assert.match(stderr, /moved\.yaml: other\/app \(strict\), a: No key opens it/)
    })

    it('finds an annotation that was lost, and a certificate that is not the newest', async () => {
      await seal('s.yaml', { a: 'x' }, '--scope', 'cluster-wide')
      project.write(
        's.yaml',
        project.read('s.yaml').replaceAll('sealedsecrets.bitnami.com/cluster-wide', 'x/y'),
      )
      project.write('cosmos.sealing.crt', project.keys[0]?.certificate ?? '')
      const { code, stderr } = await project.opened(['seal', '--validate', 's.yaml'])
      assert.equal(code, 1)
      assert.match(stderr, /sealed as cluster-wide, but the annotations say strict/)
      assert.match(stderr, /cosmos\.sealing\.crt is not the newest key/)
    })
  })

  describe('--edit', () => {
    it('seals anew only what changed, and leaves nothing behind', async () => {
      await seal('s.yaml', { a: 'one', b: 'two' })
      const before = project.read('s.yaml').split('\n')
      const { stderr } = ok(await project.opened(['seal', '--edit', 's.yaml'], editor('sed -i s/one/ONE/')))
      assert.match(stderr, /1 value sealed anew \(a\)/)
      const after = project.read('s.yaml').split('\n')
      assert.equal(before.filter(line => !after.includes(line)).length, 1)
      assert.deepEqual(await texts('s.yaml'), { a: 'ONE', b: 'two' })
      assertWiped()
    })

    it('adds and removes', async () => {
      await seal('s.yaml', { a: 'one', b: 'two' })
      ok(
        await project.opened(['seal', '--edit', 's.yaml'], {
          EDITOR: "sed -i 's/^  a: one/  c: three/'",
        }),
      )
      assert.deepEqual(await texts('s.yaml'), { b: 'two', c: 'three' })
    })

    it('writes nothing when nothing changed', async () => {
      await seal('s.yaml', { a: 'one' })
      const before = statSync(project.path('s.yaml'))
      ok(await project.opened(['seal', '--edit', 's.yaml'], { EDITOR: 'true' }))
      assert.equal(statSync(project.path('s.yaml')).ino, before.ino)
    })

    for (const [what, command, message] of [
      ['the editor fails', 'false', /editor ended with code 1/],
      ['the text is broken', 'sed -i s/stringData:/{/', /broken YAML/],
      ['the namespace is changed', 'sed -i s/ns$/other/', /Only values can be edited/],
      ['there is no such editor', 'no-such-editor', /editor ended with code 127/],
    ] as const) {
      it(`changes nothing and wipes the text when ${what}`, async () => {
        await seal('s.yaml', { a: 'TOPSECRET' })
        const before = project.read('s.yaml')
        const { code, stderr } = await project.opened(['seal', '--edit', 's.yaml'], editor(command))
        assert.notEqual(code, 0)
        assert.match(stderr, message)
        assert.equal(stderr.includes('TOPSECRET'), false)
        assert.equal(project.read('s.yaml'), before)
        assertWiped()
      })
    }

    it('gives the editor a file for its owner alone', async () => {
      await seal('s.yaml', { a: 'x' })
      const stat = `sh -c 'stat -c %a "$1" "$(dirname "$1")" > ${project.path('modes')}' sh`
      ok(await project.opened(['seal', '--edit', 's.yaml'], { EDITOR: stat }))
      assert.equal(project.read('modes'), '600\n700\n')
    })
  })

  describe('keys', () => {
    it('rotate: a new key beside the old; --reseal moves what an old one sealed, once', async () => {
      await sealOld('old.yaml', { a: '1', b: '2' })
      const rotated = ok(await project.opened(['key', 'rotate', '--yes', '--json']))
      const { fingerprint, keys } = JSON.parse(rotated.stdout.trim().split('\n').at(-1) ?? '') as {
        fingerprint: string
        keys: number
      }
      assert.equal(keys, 3)
      const list = ok(await project.opened(['key', 'list'])).stdout.split('\n')
      assert.match(list[1] ?? '', new RegExp(`^${fingerprint.replaceAll(/[+/]/g, '.')}.*seals and opens`))
      assert.equal(list.filter(line => /SHA256.*opens$/.test(line)).length, 3)
      const sealed = ok(await project.cosmos(['seal', project.secret('n.yaml', { a: 'x' })]))
      assert(sealed.stderr.includes(fingerprint))
      ok(await project.opened(['seal', '--reseal', '.']))
      const moved = project.read('old.yaml')
      assert.deepEqual(await texts('old.yaml'), { a: '1', b: '2' })
      const again = ok(await project.opened(['seal', '--reseal', '.']))
      assert.match(again.stderr, /0 values moved/)
      assert.equal(project.read('old.yaml'), moved)
    })

    it('drop forgets an old key, once nothing needs it, and never the newest', async () => {
      await sealOld('old.yaml', { a: '1' })
      const prints = ok(await project.opened(['key', 'list'])).stdout.match(/SHA256:\S+/g) ?? []
      const [newest = '', old = ''] = prints
      const used = await project.opened(['key', 'drop', old, '--yes'])
      assert.equal(used.code, 3)
      assert.match(used.stderr, /old\.yaml[\s\S]*--reseal/)
      assert.equal((await project.opened(['key', 'drop', newest, '--yes'])).code, 3)
      ok(await project.opened(['seal', '--reseal', '.']))
      assert.equal((await project.opened(['key', 'drop', old])).code, 3)
      ok(await project.opened(['key', 'drop', old.slice(0, 20), '--yes']))
      assert.equal(ok(await project.opened(['key', 'list'])).stdout.includes(old), false)
      assert.deepEqual(await texts('old.yaml'), { a: '1' })
    })

    it('rotate asks first', async () => {
      const { code } = await project.opened(['key', 'rotate'])
      assert.equal(code, 3)
    })

    it('--reseal writes no file when one value does not open', async () => {
      await sealOld('a.yaml', { a: '1' })
      await sealOld('b.yaml', { a: '1' })
      project.write('b.yaml', project.read('b.yaml').replaceAll('name: app', 'name: other'))
      const before = project.read('a.yaml')
      const { code, stderr } = await project.opened(['seal', '--reseal', '.'])
      assert.equal(code, 1)
      assert.match(stderr, /b\.yaml, key a: No key opens it/)
      assert.equal(project.read('a.yaml'), before)
    })

    it('export gives the certificate, and the private key only into a file or a pipe', async () => {
      assert.equal(ok(await project.opened(['key', 'export'])).stdout, project.keys[1]?.certificate)
      ok(await project.opened(['key', 'export', '--private', '-o', 'key.pem']))
      assert.equal(project.read('key.pem').trim(), project.keys[1]?.privateKey.trim())
      assert.equal(statSync(project.path('key.pem')).mode & 0o777, 0o600)
      const json = await project.opened(['key', 'export', '--private', '--json'])
      assert.equal(json.code, 3)
      assert.equal(json.stdout.includes('PRIVATE'), false)
      assert.equal((await project.opened(['key', 'export', 'SHA256:nothing'])).code, 2)
    })

    it('import takes PEM files and the backup of another cluster, each key once', async () => {
      const third = await testKey('2026-03-01')
      project.write('tls.crt', third.certificate)
      project.write('tls.key', third.privateKey)
      assert.match(
        ok(await project.opened(['key', 'import', 'tls.crt', 'tls.key'])).stdout,
        /1 key imported, 0 known/,
      )
      assert.equal(project.read('cosmos.sealing.crt'), third.certificate)
      ok(await project.opened(['key', 'backup', '-o', 'backup.yaml']))
      assert.match(
        ok(await project.opened(['key', 'import', 'backup.yaml'])).stdout,
        /0 keys imported, 3 known/,
      )
      const other = await new SealProject([await testKey('2026-04-01')]).lay()
      project.write('other.yaml', (await other.opened(['key', 'backup'])).stdout)
      other.remove()
      assert.match(ok(await project.opened(['key', 'import', 'other.yaml'])).stdout, /1 key imported/)
    })

    for (const [what, files] of [
      ['a certificate alone', ['tls.crt']],
      ['a key of another certificate', ['tls.crt', 'other.key']],
      ['a damaged key', ['tls.crt', 'bad.key']],
      ['a Secret without keys', ['plain.yaml']],
    ] as const) {
      it(`import refuses ${what}, and the vault stays`, async () => {
        project.write('tls.crt', (await testKey('2026-03-01')).certificate)
        project.write('other.key', (await testKey('2026-04-01')).privateKey)
        project.write('bad.key', '-----BEGIN PRIVATE KEY-----\nTOPSECRET\n-----END PRIVATE KEY-----\n')
        project.secret('plain.yaml', { a: 'TOPSECRET' })
        const before = project.read('cosmos.vault.age')
        const { code, stderr } = await project.opened(['key', 'import', ...files])
        assert.equal(code, 2, stderr)
        assert.equal(stderr.includes('TOPSECRET'), false)
        assert.equal(project.read('cosmos.vault.age'), before)
      })
    }
  })

  describe('the vault', () => {
    it('show masks everything secret, and gives one value to a pipe', async () => {
      const { stdout } = ok(await project.opened(['vault', 'show']))
      assert.equal(/SECRET|BEGIN PRIVATE/.test(stdout), false)
      assert.match(stdout, /BEGIN CERTIFICATE/)
      assert.match(ok(await project.opened(['vault', 'show', '--reveal'])).stdout, /SECRET-hetzner/)
      assert.equal(
        ok(await project.opened(['vault', 'show', 'argocd.adminPassword'])).stdout,
        'SECRET-admin\n',
      )
      assert.equal(
        (await project.opened(['vault', 'show', 'argocd.adminPassword', '--json'])).stdout.includes('SECRET'),
        false,
      )
      assert.equal((await project.opened(['vault', 'show', 'argocd.nothing'])).code, 2)
    })

    it('show masks passwords under any name', async () => {
      const EDITOR = `sed -i '$apasswords: {username: HIDE-1, recipients: HIDE-2, "0": HIDE-3}'`
      ok(await project.opened(['vault', 'edit'], { EDITOR }))
      assert.equal(/HIDE/.test(ok(await project.opened(['vault', 'show'])).stdout), false)
      assert.equal(
        /HIDE/.test((await project.opened(['vault', 'show', 'passwords.username', '--json'])).stdout),
        false,
      )
      assert.match(
        ok(await project.opened(['vault', 'show', 'git.username', '--json'])).stdout,
        /x-access-token/,
      )
    })

    it('edit changes a value, and refuses what no vault is', async () => {
      ok(await project.opened(['vault', 'edit'], editor('sed -i s/SECRET-git/CHANGED/')))
      assert.equal(ok(await project.opened(['vault', 'show', 'git.token'])).stdout, 'CHANGED\n')
      const before = project.read('cosmos.vault.age')
      const { code, stderr } = await project.opened(['vault', 'edit'], editor('sed -i s/token:/tokn:/'))
      assert.equal(code, 1)
      assert.match(stderr, /git: unrecognized keys: tokn/)
      assert.equal(stderr.includes('CHANGED'), false)
      assert.equal(project.read('cosmos.vault.age'), before)
      assertWiped()
    })

    it('passphrase changes it, and refuses a short one', async () => {
      assert.equal(
        (await project.opened(['vault', 'passphrase'], { COSMOS_NEW_PASSPHRASE: 'short' })).code,
        2,
      )
      assert.equal((await project.opened(['vault', 'passphrase'])).code, 2)
      ok(await project.opened(['vault', 'passphrase'], { COSMOS_NEW_PASSPHRASE: 'another long one' }))
      assert.equal((await project.opened(['key', 'list'])).code, 1)
      ok(await project.opened(['key', 'list'], { COSMOS_PASSPHRASE: 'another long one' }))
    })

    it('recipients let a team in and out, by age and SSH keys', async function () {
      requireProgram(this, 'ssh-keygen', 'apt-get install openssh-client')
      for (const name of ['ann', 'bob'])
        run('ssh-keygen', ['-q', '-t', 'ed25519', '-N', '', '-C', name, '-f', project.path(name)])
      const [ann, bob] = ['ann.pub', 'bob.pub'].map(name => project.read(name).trim())
      const as = (name: string) => ({ COSMOS_AGE_IDENTITY_FILE: project.path(name) })
      assert.equal((await project.opened(['vault', 'recipients', '--add', ann ?? ''])).code, 3)
      ok(await project.opened(['vault', 'recipients', '--add', ann ?? '', '--add', bob ?? '', '--yes']))
      const list = ok(await project.cosmos(['vault', 'recipients'], { env: as('bob') })).stdout
      assert.equal(list, `${ann}\n${bob}\n`)
      ok(await project.cosmos(['key', 'rotate', '--yes'], { env: as('ann') }))
      ok(
        await project.cosmos(['vault', 'recipients', '--remove', (bob ?? '').replace(/ bob$/, '')], {
          env: as('ann'),
        }),
      )
      assert.match(
        (await project.cosmos(['key', 'list'], { env: as('bob') })).stderr,
        /none of the identities given fits/,
      )
      assert.equal(
        (await project.cosmos(['vault', 'recipients', '--remove', ann ?? ''], { env: as('ann') })).code,
        2,
      )
      ok(
        await project.cosmos(['vault', 'passphrase', '--yes'], {
          env: { ...as('ann'), COSMOS_NEW_PASSPHRASE: passphrase },
        }),
      )
      ok(await project.opened(['key', 'list']))
    })

    it('says that there is none', async () => {
      const { code, stderr } = await project.opened(['key', 'list', '--config', '/nowhere/cosmos.yaml'])
      assert.equal(code, 1)
      assert.match(stderr, /cosmos init/)
      assert.equal(existsSync('/nowhere'), false)
    })
  })
})

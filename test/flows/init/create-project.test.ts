import assert from 'node:assert/strict'
import { createPrivateKey, X509Certificate } from 'node:crypto'
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { compare } from 'bcryptjs'
import { loadConfig } from '../../../src/config/index.ts'
import { createProject, type ProjectAnswers } from '../../../src/flows/init/index.ts'
import { installFiles } from '../../../src/flows/init/install-files.ts'
import { readVault } from '../../../src/vault/index.ts'

const answers: ProjectAnswers = {
  name: 'acme',
  locations: ['nbg1'],
  serverTypes: ['cx23', 'cx33'],
  volumeSizeGb: 20,
  domain: 'acme.example',
  acmeEmail: 'ops@acme.example',
  git: { url: 'https://github.com/acme/company', token: 'git-token-0123456789', branch: 'trunk' },
  ssh: { publicKey: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIHUmxBTm me', privateKey: '~/.ssh/id_ed25519' },
  hetznerToken: 'hetzner-token-0123456789',
  lock: { passphrase: 'correct horse' },
}
const now = new Date('2026-11-23T10:00:00Z')

describe('createProject', () => {
  let dir: string
  beforeEach(() => {
    dir = mkdtempSync(join(tmpdir(), 'cosmos-init-'))
  })
  afterEach(() => rmSync(dir, { recursive: true }))
  const make = (force = false) => createProject(answers, { dir, now, workFactor: 4, force })
  const textOf = (name: string) => readFileSync(join(dir, name), 'utf8')

  it('writes a declaration that says what was answered', async () => {
    const { files } = await make()
    assert.deepEqual(
      files.map(file => file.slice(dir.length + 1)),
      ['cosmos.yaml', 'cosmos.vault.age', 'cosmos.sealing.crt', '.gitignore'],
    )
    const config = await loadConfig(join(dir, 'cosmos.yaml'))
    assert.equal(config.name, 'acme')
    assert.deepEqual(config.server.types, ['cx23', 'cx33'])
    assert.equal(config.git.branch, 'trunk')
    assert.equal(config.acme?.email, 'ops@acme.example')
    assert.equal(JSON.parse(textOf('.cosmos/cosmos.schema.json')).title, 'cosmos.yaml')
  })

  it('puts every secret into the vault, and into nothing else', async () => {
    await make()
    const vault = await readVault(join(dir, 'cosmos.vault.age'), { passphrase: 'correct horse' })
    assert.deepEqual(vault.git, { username: 'x-access-token', token: 'git-token-0123456789' })
    assert.equal(vault.hetzner?.token, 'hetzner-token-0123456789')
    assert.ok(await compare(vault.argocd.adminPassword, vault.argocd.adminPasswordHash))
    assert.match(vault.sshHostKey.publicKey, /^ssh-ed25519 /)
    assert.equal(statSync(join(dir, 'cosmos.vault.age')).mode & 0o077, 0)
    const secrets = [
      vault.git?.token,
      vault.hetzner?.token,
      vault.argocd.adminPassword,
      'PRIVATE KEY',
      'correct horse',
    ]
    for (const name of readdirSync(dir, { recursive: true, withFileTypes: true })) {
      if (!name.isFile()) continue
      const text = readFileSync(join(name.parentPath, name.name), 'utf8')
      for (const secret of secrets) assert.ok(!text.includes(secret ?? ''), name.name)
    }
  })

  it('makes an RSA 4096 sealing key whose certificate lasts ten years', async () => {
    await make()
    const { sealing } = await readVault(join(dir, 'cosmos.vault.age'), { passphrase: 'correct horse' })
    const certificate = new X509Certificate(textOf('cosmos.sealing.crt'))
    const [key] = sealing.keys
    assert.equal(textOf('cosmos.sealing.crt'), key?.certificate)
    assert.ok(certificate.checkPrivateKey(createPrivateKey(key?.privateKey ?? '')))
    assert.equal(certificate.publicKey.asymmetricKeyDetails?.modulusLength, 4096)
    assert.equal(new Date(certificate.validTo).getUTCFullYear(), 2036)
  })

  it('keeps what .gitignore says already', async () => {
    writeFileSync(join(dir, '.gitignore'), 'node_modules')
    await make()
    assert.equal(textOf('.gitignore'), 'node_modules\n.cosmos/\n')
    await make(true)
    assert.equal(textOf('.gitignore'), 'node_modules\n.cosmos/\n')
  })

  it('refuses what is in the way, names all of it, and writes nothing', async () => {
    writeFileSync(join(dir, 'cosmos.vault.age'), 'precious')
    writeFileSync(join(dir, 'cosmos.sealing.crt'), 'too')
    await assert.rejects(make(), {
      code: 'exists',
      exitCode: 3,
      message: /cosmos\.vault\.age, cosmos\.sealing\.crt/,
      hint: /--force/,
    })
    assert.deepEqual(readdirSync(dir).sort(), ['cosmos.sealing.crt', 'cosmos.vault.age'])
    assert.equal(textOf('cosmos.vault.age'), 'precious')
  })

  it('loses nothing with force: an old vault is the only key to what it sealed', async () => {
    writeFileSync(join(dir, 'cosmos.vault.age'), 'precious')
    const { kept } = await make(true)
    assert.deepEqual(kept, [join(dir, '.cosmos', 'replaced-2026-11-23T10-00-00-000Z', 'cosmos.vault.age')])
    assert.equal(readFileSync(kept[0] ?? '', 'utf8'), 'precious')
    assert.match(textOf('cosmos.vault.age'), /BEGIN AGE ENCRYPTED FILE/)
  })

  it('puts back what it did when a file cannot be placed', async () => {
    writeFileSync(join(dir, 'a'), 'old a')
    mkdirSync(join(dir, 'c'))
    const file = (name: string) => ({ path: join(dir, name), text: `new ${name}`, mode: 0o644 })
    const extended = { ...file('a'), extends: { before: 'old a' } }
    await assert.rejects(
      installFiles([extended, file('b'), file('c')], { force: false, keepIn: join(dir, 'kept') }),
      {
        code: 'exists',
      },
    )
    assert.equal(textOf('a'), 'old a')
    assert.deepEqual(readdirSync(dir).sort(), ['a', 'c'])
    writeFileSync(join(dir, 'kept'), 'a file where the folder should be')
    await assert.rejects(installFiles([file('b'), file('a')], { force: true, keepIn: join(dir, 'kept') }))
    assert.deepEqual(readdirSync(dir).sort(), ['a', 'c', 'kept'])
    assert.equal(textOf('a'), 'old a')
  })
})

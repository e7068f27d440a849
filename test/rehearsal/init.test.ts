import assert from 'node:assert/strict'
import { execFile, execFileSync } from 'node:child_process'
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { fileURLToPath } from 'node:url'
import { loadConfig } from '../../src/config/index.ts'
import { readVault } from '../../src/vault/index.ts'
import { type CloudServer, serveCloud, tokens } from '../flows/init/cloud-server.ts'

const program = fileURLToPath(new URL('../../bin/run.js', import.meta.url))
const passphrase = 'correct horse battery'

type Ended = { code: number; stdout: string; stderr: string }

describe('cosmos init, asked by a script', () => {
  let cloud: CloudServer
  let root: string
  let dir: string
  beforeEach(async () => {
    cloud = await serveCloud()
    root = mkdtempSync(join(tmpdir(), 'cosmos-init-'))
    dir = join(root, 'Acme Shop')
    execFileSync('git', ['init', '-q', '-b', 'trunk', dir])
  })
  afterEach(() => {
    cloud.close()
    rmSync(root, { recursive: true })
  })

  const run = (args: string[], env: Record<string, string> = {}, endStdin = true): Promise<Ended> =>
    new Promise(resolve => {
      const { PATH = '' } = process.env
      const base = {
        PATH,
        HOME: root,
        HCLOUD_ENDPOINT: cloud.endpoint,
        HCLOUD_TOKEN: tokens.good,
        COSMOS_PASSPHRASE: passphrase,
      }
      const options = { cwd: dir, env: { ...base, ...env } }
      const child = execFile(process.execPath, [program, 'init', ...args], options, (_, stdout, stderr) =>
        resolve({ code: child.exitCode ?? -1, stdout, stderr }),
      )
      if (endStdin) child.stdin?.end()
    })
  const repository = ['--repository', 'https://github.com/acme/company']

  it('takes sensible defaults and says what was written, what it costs and what comes next', async () => {
    const { code, stdout, stderr } = await run([
      '--yes',
      ...repository,
      '--domain',
      'acme.example',
      '--email',
      'ops@acme.example',
    ])
    assert.equal(code, 0, stderr)
    for (const part of [
      /cosmos\.vault\.age/,
      /Server cx23 +EUR +4\.15/,
      /Together +EUR +5\.80/,
      /git add/,
      /cosmos up --plan/,
    ]) {
      assert.match(stdout, part)
    }
    const config = await loadConfig(join(dir, 'cosmos.yaml'))
    assert.equal(config.name, 'acme-shop')
    assert.deepEqual(config.locations, ['nbg1', 'fsn1'])
    assert.deepEqual(config.server.types, ['cx23', 'cx33'])
    assert.equal(config.volume.sizeGb, 20)
    const vault = await readVault(join(dir, 'cosmos.vault.age'), { passphrase })
    assert.equal(vault.hetzner, undefined)
    assert.equal(vault.git, undefined)
    assert.equal(readFileSync(join(root, '.ssh/id_ed25519.pub'), 'utf8').trim(), config.ssh.publicKey)
    assert.ok(existsSync(join(dir, '.cosmos/prices.json')), 'the price list is kept for up')
    assert.doesNotMatch(stdout + stderr, new RegExp(`${tokens.good}|${passphrase}|PRIVATE KEY`))
  })

  it('ends with one JSON object, after four calls that create nothing', async () => {
    const { code, stdout } = await run(['--json', ...repository])
    assert.equal(code, 0)
    const result = JSON.parse(stdout)
    assert.deepEqual(
      [result.type, result.name, result.files, result.monthlyGross],
      ['result', 'acme-shop', ['cosmos.yaml', 'cosmos.vault.age', 'cosmos.sealing.crt', '.gitignore'], 5.8],
    )
    assert.deepEqual(cloud.calls.sort(), [
      'GET /v1/locations',
      'GET /v1/pricing',
      'GET /v1/server_types',
      'POST /v1/ssh_keys',
    ])
  })

  it('takes the repository from origin, and moves a credential in it to the vault', async () => {
    execFileSync('git', ['remote', 'add', 'origin', 'https://me:git-secret@github.com/acme/company.git'], {
      cwd: dir,
    })
    const { code, stdout, stderr } = await run(['--yes', '--store-token'])
    assert.equal(code, 0, stderr)
    assert.match(stderr, /carries a credential/)
    assert.doesNotMatch(stdout + stderr + readFileSync(join(dir, 'cosmos.yaml'), 'utf8'), /git-secret/)
    const config = await loadConfig(join(dir, 'cosmos.yaml'))
    assert.deepEqual([config.git.url, config.git.branch], ['https://github.com/acme/company.git', 'trunk'])
    assert.ok(existsSync(join(dir, 'cosmos/argocd/apps/.gitkeep')), 'what Argo CD is to read is there')
    const vault = await readVault(join(dir, 'cosmos.vault.age'), { passphrase })
    assert.deepEqual(vault.git, { username: 'me', token: 'git-secret' })
    assert.equal(vault.hetzner?.token, tokens.good)
  })

  const refused: [
    title: string,
    args: string[],
    env: Record<string, string>,
    code: number,
    message: RegExp,
  ][] = [
    ['no token', [], { HCLOUD_TOKEN: '' }, 2, /HCLOUD_TOKEN is not set/],
    ['a wrong token', repository, { HCLOUD_TOKEN: 'x'.repeat(64) }, 1, /token/i],
    ['a read-only token', repository, { HCLOUD_TOKEN: tokens.readonly }, 1, /read/i],
    ['no repository', [], {}, 2, /--repository is missing/],
    [
      'an SSH address',
      ['--repository', 'git@github.com:acme/company.git'],
      {},
      2,
      /https:\/\/github\.com\/acme\/company\.git/,
    ],
    [
      'an unknown location',
      [...repository, '--location', 'mars1'],
      {},
      2,
      /no location "mars1".*\n.*fsn1, hel1, nbg1/,
    ],
    ['an unknown type', [...repository, '--type', 'cx99'], {}, 2, /no type "cx99".*\n.*cx23/],
    ['a small volume', [...repository, '--volume-size', '5'], {}, 2, /--volume-size must be at least 10/],
    ['a bad name', [...repository, '--name', 'Acme_Shop'], {}, 2, /--name must be an RFC 1123 label/],
    ['a bad domain', [...repository, '--domain', 'not a domain'], {}, 2, /--domain must be a host name/],
    [
      'a domain without e-mail',
      [...repository, '--domain', 'acme.example'],
      { GIT_CONFIG_NOSYSTEM: '1' },
      2,
      /--email is missing/,
    ],
    ['a bad address', [...repository, '--allow', '203.0.113.7'], {}, 2, /--allow must be a source address/],
    ['no passphrase', repository, { COSMOS_PASSPHRASE: '' }, 2, /COSMOS_PASSPHRASE/],
    ['a short passphrase', repository, { COSMOS_PASSPHRASE: 'short' }, 2, /fewer than 8/],
    ['the lab', ['--lab'], {}, 2, /cosmos up --lab/],
  ]
  for (const [title, args, env, code, message] of refused) {
    it(`refuses ${title}, writes nothing and makes no key`, async () => {
      const ended = await run(['--yes', ...args], env)
      assert.equal(ended.code, code, ended.stderr)
      assert.match(ended.stderr, message)
      assert.deepEqual(
        readdirSync(dir).filter(name => name !== '.git' && name !== '.cosmos'),
        [],
      )
      assert.ok(!existsSync(join(root, '.ssh')))
    })
  }

  it('refuses to write over a project before it calls anybody', async () => {
    writeFileSync(join(dir, 'cosmos.yaml'), 'mine')
    const { code, stderr } = await run(['--yes', ...repository])
    assert.equal(code, 3)
    assert.match(stderr, /Already there: cosmos\.yaml/)
    assert.deepEqual(cloud.calls, [])
  })

  it('does not wait for a pipe that stays open', async () => {
    const { code, stderr } = await run([], {}, false)
    assert.equal(code, 2)
    assert.match(stderr, /--repository is missing/)
  })
})

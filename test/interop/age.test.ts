import assert from 'node:assert/strict'
import { existsSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { parse } from 'yaml'
import { readVault, vaultText, writeVault } from '../../src/vault/index.ts'
import { quick, sample } from '../vault/sample.ts'
import { requireProgram, run } from './foreign.ts'

const passphrase = 'correct horse battery staple'

describe('age', function () {
  this.timeout(60_000)
  let dir: string
  let path: string
  before(function () {
    requireProgram(this, 'age', 'apt-get install age')
    requireProgram(this, 'ssh-keygen', 'apt-get install openssh-client')
    requireProgram(this, 'script', 'apt-get install bsdutils')
    dir = mkdtempSync(join(tmpdir(), 'cosmos-age-'))
    path = join(dir, 'cosmos.vault.age')
  })
  after(() => {
    if (dir !== undefined) rmSync(dir, { recursive: true })
  })

  /** age asks for a passphrase on a terminal only; `script` lends it one. */
  function ageWithPassphrase(command: string): void {
    const typed = `${passphrase}\n${passphrase}\n`
    const { status, stdout } = run('script', ['-qec', command, '/dev/null'], { input: typed, cwd: dir })
    assert.equal(status, 0, stdout)
  }

  function age(...args: string[]): string {
    const { status, stdout, stderr } = run('age', args, { cwd: dir })
    assert.equal(status, 0, stderr)
    return stdout
  }

  function sshKey(name: string, ...options: string[]): { open: string; file: string } {
    const file = join(dir, name)
    if (!existsSync(file)) run('ssh-keygen', ['-q', '-N', '', '-C', 'me', '-f', file, ...options])
    return { open: readFileSync(`${file}.pub`, 'utf8').trim(), file }
  }

  function ageKey(name: string): { open: string; file: string } {
    const file = join(dir, name)
    if (!existsSync(file)) run('age-keygen', ['-o', file])
    return { open: run('age-keygen', ['-y', file]).stdout.trim(), file }
  }

  it('opens the vault with its passphrase', async () => {
    await writeVault(path, sample, { passphrase, workFactor: quick })
    ageWithPassphrase('age -d -o plain.yaml cosmos.vault.age')
    assert.deepEqual(parse(readFileSync(join(dir, 'plain.yaml'), 'utf8')), sample)
  })

  it('opens the vault at the work factor that users get', async () => {
    await writeVault(path, sample, { passphrase })
    ageWithPassphrase('age -d -o strong.yaml cosmos.vault.age')
    assert.deepEqual(parse(readFileSync(join(dir, 'strong.yaml'), 'utf8')), sample)
  })

  for (const armor of ['-a ', '']) {
    it(`locks by a passphrase what cosmos opens, ${armor === '' ? 'binary' : 'armored'}`, async () => {
      writeFileSync(join(dir, 'in.yaml'), await vaultText(sample))
      ageWithPassphrase(`age -p ${armor}-o theirs.age in.yaml`)
      assert.deepEqual(await readVault(join(dir, 'theirs.age'), { passphrase }), sample)
      await assert.rejects(readVault(join(dir, 'theirs.age'), { passphrase: 'wrong' }), {
        code: 'vault-passphrase',
      })
    })
  }

  const team = (): [string, { open: string; file: string }][] => [
    ['an age key', ageKey('age.key')],
    ['an Ed25519 SSH key', sshKey('ed', '-t', 'ed25519')],
    ['an RSA SSH key', sshKey('rsa', '-t', 'rsa', '-b', '3072')],
    ['an RSA SSH key in PEM', sshKey('pem', '-t', 'rsa', '-b', '2048', '-m', 'PEM')],
  ]

  it('opens the vault for every member of a team', async () => {
    const members = team()
    await writeVault(path, sample, { recipients: members.map(([, { open }]) => open) })
    for (const [who, { file }] of members) {
      assert.deepEqual(parse(age('-d', '-i', file, path)).argocd, sample.argocd, who)
    }
  })

  it('locks for every member of a team what cosmos opens', async () => {
    const members = team()
    const plain = join(dir, 'team.yaml')
    const theirs = join(dir, 'team.age')
    const recipients = members.map(([, { open }]) => open)
    writeFileSync(plain, await vaultText({ ...sample, recipients }))
    age('-a', '-o', theirs, ...recipients.flatMap(recipient => ['-r', recipient]), plain)
    for (const [who, { file }] of members) {
      const text = readFileSync(file, 'utf8')
      const identity = /AGE-SECRET-KEY-\S+/.exec(text)?.[0] ?? text
      const contents = await readVault(theirs, { identities: [identity] })
      assert.deepEqual(contents, { ...sample, recipients }, who)
    }
  })
})

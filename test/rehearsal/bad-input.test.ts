import assert from 'node:assert/strict'
import { readFileSync, writeFileSync } from 'node:fs'
import { join } from 'node:path'
import { Stage } from './stage.ts'

const passphrase = 'correct horse battery staple'

/** A real project beside a lab that stands for Hetzner: endpoint and token from the environment, as with any other client. */
class Company extends Stage {
  get statePath(): string {
    return join(this.dir, '.cosmos', 'state.json')
  }

  async found(): Promise<void> {
    await this.startLab()
    this.env = {
      HCLOUD_ENDPOINT: this.lab.endpoint,
      HCLOUD_TOKEN: this.lab.token,
      COSMOS_PASSPHRASE: passphrase,
      COSMOS_POLL_INTERVAL: '25',
    }
    await this.ok(
      'init',
      '--yes',
      '--name',
      'acme',
      '--repository',
      'https://github.com/acme/company.git',
      '--ssh-key',
      join(this.dir, 'id'),
    )
    this.edit(text => text.replace('port: 22\n', 'port: 2222\n'))
  }

  edit(change: (text: string) => string): void {
    const path = join(this.dir, 'cosmos.yaml')
    const before = readFileSync(path, 'utf8')
    const after = change(before)
    assert.notEqual(after, before, 'the edit changed nothing')
    writeFileSync(path, after)
  }

  /** Runs with a changed cosmos.yaml, which is put back. */
  async withEdit<T>(change: (text: string) => string, run: () => Promise<T>): Promise<T> {
    const path = join(this.dir, 'cosmos.yaml')
    const before = readFileSync(path, 'utf8')
    this.edit(change)
    try {
      return await run()
    } finally {
      writeFileSync(path, before)
    }
  }

  async withEnv<T>(env: NodeJS.ProcessEnv, run: () => Promise<T>): Promise<T> {
    const before = this.env
    this.env = { ...before, ...env }
    try {
      return await run()
    } finally {
      this.env = before
    }
  }

  async assertNothingMade(): Promise<void> {
    for (const kind of ['servers', 'volumes', 'primary_ips', 'firewalls', 'ssh_keys']) {
      assert.deepEqual((await this.api('GET', `/${kind}`))[kind], [], kind)
    }
  }
}

describe('bad input to cosmos up', function () {
  this.timeout(120_000)
  const company = new Company()
  before(() => company.found())
  after(() => company.close())

  const edits: [name: string, change: (text: string) => string, code: number, says: RegExp][] = [
    [
      'a misspelt key',
      text => text.replace('volume:', 'volumes:'),
      2,
      /cosmos\.yaml:\d+:\d+.*volumes.*did you mean.*volume/is,
    ],
    [
      'an unknown server type',
      text => text.replace(/types:(\n +- .*)+/, 'types:\n    - cx99'),
      2,
      /no server type "cx99".*cosmos\.yaml/s,
    ],
    [
      'an unknown location',
      text => text.replace(/locations:(\n +- .*)+/, 'locations:\n  - mars1'),
      2,
      /no location "mars1"/,
    ],
    [
      'a name that is no RFC 1123 label',
      text => text.replace('name: acme', 'name: Acme_1'),
      2,
      /cosmos\.yaml:\d+:\d+.*RFC 1123/s,
    ],
    ['a volume under 10 GB', text => text.replace(/sizeGb: \d+/, 'sizeGb: 5'), 2, /at least 10/],
    [
      'an SSH key that is not there',
      text => text.replace(/privateKey: .*/, 'privateKey: /nowhere/id'),
      2,
      /no SSH private key at \/nowhere\/id/,
    ],
  ]
  for (const [name, change, code, says] of edits) {
    it(`${name} is explained before anything is made`, async () => {
      const outcome = await company.withEdit(change, () => company.cosmos('up', '--yes'))
      assert.equal(outcome.code, code, outcome.stderr)
      assert.match(outcome.stderr, says)
      assert.match(outcome.stderr, /→ next: /)
      await company.assertNothingMade()
    })
  }

  const environments: [name: string, env: () => NodeJS.ProcessEnv, code: number, says: RegExp][] = [
    ['no token', () => ({ HCLOUD_TOKEN: '' }), 2, /no Hetzner Cloud API token.*HCLOUD_TOKEN/s],
    ['a wrong token', () => ({ HCLOUD_TOKEN: 'x'.repeat(64) }), 1, /token/i],
    ['a read-only token', () => ({ HCLOUD_TOKEN: company.lab.readonlyToken }), 1, /read/i],
    ['a wrong passphrase', () => ({ COSMOS_PASSPHRASE: 'wrong', HCLOUD_TOKEN: '' }), 1, /passphrase/i],
    [
      'a wrong passphrase with a token that is right',
      () => ({ COSMOS_PASSPHRASE: 'wrong' }),
      1,
      /passphrase/i,
    ],
    [
      'no passphrase and nobody to ask',
      () => ({ COSMOS_PASSPHRASE: '', HCLOUD_TOKEN: '' }),
      2,
      /COSMOS_PASSPHRASE/,
    ],
    [
      'nobody at the other end',
      () => ({ HCLOUD_ENDPOINT: 'http://127.0.0.1:9/v1' }),
      1,
      /127\.0\.0\.1:9|refused|reach/i,
    ],
  ]
  for (const [name, env, code, says] of environments) {
    it(`${name}: a clear error, a next step, no secret`, async () => {
      const outcome = await company.withEnv(env(), () => company.cosmos('up', '--yes'))
      assert.equal(outcome.code, code, outcome.stderr)
      assert.match(outcome.stderr, says)
      assert.match(outcome.stderr, /→ next: /)
      for (const secret of [company.lab.token, company.lab.readonlyToken, passphrase])
        assert.ok(!(outcome.stdout + outcome.stderr).includes(secret))
      await company.assertNothingMade()
    })
  }

  it('asks for a yes, and without one does nothing', async () => {
    const outcome = await company.cosmos('up')
    assert.equal(outcome.code, 3)
    assert.match(outcome.stderr, /--yes/)
    await company.assertNothingMade()
  })

  it('never touches a resource of the same name that is not ours', async () => {
    const { volume } = await company.api('POST', '/volumes', {
      name: 'acme-data',
      size: 10,
      location: 'nbg1',
    })
    const outcome = await company.cosmos('up', '--yes')
    assert.equal(outcome.code, 3, outcome.stderr)
    assert.match(outcome.stderr, /already has a volume named "acme-data".*did not make/)
    assert.deepEqual((await company.api('GET', `/volumes/${volume.id}`)).volume.labels, {})
    await company.api('DELETE', `/volumes/${volume.id}`)
    await company.ok('down', '--yes', '--addresses')
    await company.assertNothingMade()
  })

  it('takes the next type when the first has no capacity after all', async () => {
    await company.ok('lab', 'fault', 'add', 'api', '--on', 'POST /servers', '--code', 'resource_unavailable')
    const { stderr } = await company.ok('up', '--yes')
    assert.match(stderr, /No capacity for/)
    assert.equal((await company.api('GET', '/servers')).servers.length, 1)
  })

  it('refuses a server with another host key, loudly', async () => {
    const state = JSON.parse(readFileSync(company.statePath, 'utf8'))
    const other = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIOMqqnkVzrm0SdG6UOoqKLsabgH5C9okWi0dh2l9GKJl'
    writeFileSync(
      company.statePath,
      JSON.stringify({ ...state, resources: { ...state.resources, hostKey: other } }),
    )
    const outcome = await company.cosmos('ssh', '--', 'true')
    assert.notEqual(outcome.code, 0)
    assert.match(outcome.stderr, /host key/i)
    assert.match(outcome.stderr, /SHA256:/)
    writeFileSync(company.statePath, JSON.stringify(state))
    await company.ok('ssh', '--', 'true')
  })

  it('keeps a broken state file aside and finds everything again by label', async () => {
    writeFileSync(company.statePath, '{"version": 1, "resou')
    const broken = await company.cosmos('up', '--yes')
    assert.equal(broken.code, 1)
    assert.match(broken.stderr, /broken/)
    const { result } = await company.ok('up', '--yes', '--json')
    assert.equal(result.changed, false)
  })

  it('refuses the state of a newer cosmos', async () => {
    const text = readFileSync(company.statePath, 'utf8')
    writeFileSync(company.statePath, text.replace('"version": 1', '"version": 99'))
    const outcome = await company.cosmos('up', '--yes')
    assert.equal(outcome.code, 3)
    assert.match(outcome.stderr, /newer cosmos/)
    writeFileSync(company.statePath, text)
  })
})

describe('a first boot that fails', function () {
  this.timeout(120_000)
  const company = new Company()
  before(() => company.found())
  after(() => company.close())

  it('is reported with its step and the lines of its log, as soon as the machine knows', async () => {
    company.edit(text => text.replace(/version: v.*/, 'version: v1.99.9+k3s9'))
    const outcome = await company.cosmos('up', '--yes')
    assert.equal(outcome.code, 4, outcome.stderr)
    assert.match(
      outcome.stderr,
      /first boot failed in "Install K3s" \(exit code 1\)[\s\S]*Downloading hash[\s\S]*v1\.99\.9/,
    )
    assert.match(outcome.stderr, /cosmos logs/)
  })
})

import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { userDataOf } from '../../src/flows/user-data.ts'
import { firstBootScript, nodeScript, releaseScript } from '../../src/node/index.ts'
import { config } from '../fixtures/cloud.ts'
import { vault } from '../fixtures/vault.ts'
import { requireProgram, run } from './foreign.ts'

const machine = { volumeId: 100000001, address: '203.0.113.7' }
const variants = {
  'with domain': config({ domain: 'example.com', acme: { email: 'ops@example.com' } }),
  'without domain': config(),
  'with another SSH port': config({ ssh: { ...config().ssh, port: 2222 } }),
}

describe("Debian's cloud-init", function () {
  this.timeout(60_000)
  let dir: string
  before(function () {
    requireProgram(this, 'cloud-init', 'apt-get install cloud-init')
    dir = mkdtempSync(join(tmpdir(), 'cosmos-cloud-init-'))
  })
  after(() => {
    if (dir) rmSync(dir, { recursive: true })
  })

  for (const [name, settings] of Object.entries(variants)) {
    it(`finds the user data valid, ${name}`, () => {
      const path = join(dir, 'user-data')
      writeFileSync(path, userDataOf(settings, vault(), machine).text)
      const { status, stdout, stderr } = run('cloud-init', ['schema', '--config-file', path])
      assert.equal(status, 0, stdout + stderr)
      assert.doesNotMatch(stdout + stderr, /deprecat|error/i)
    })
  }
})

describe('shellcheck', function () {
  this.timeout(60_000)
  before(function () {
    requireProgram(this, 'shellcheck', 'apt-get install shellcheck')
  })

  const secrets = [{ file: 'a.yaml', kind: 'secret', namespace: 'argocd', name: 'cosmos-repo' }]
  const scripts = {
    'first boot': firstBootScript({ config: config(), volumeId: 7 }),
    node: nodeScript({ volumeId: 7, secrets }),
    release: releaseScript({ node: 'acme', volumeId: 7, drainSeconds: 180 }),
  }
  for (const [name, script] of Object.entries(scripts)) {
    it(`has nothing to say about the ${name} script`, () => {
      const { status, stdout } = run('shellcheck', ['--shell=bash', '-'], { input: script })
      assert.equal(status, 0, stdout)
    })
  }
})

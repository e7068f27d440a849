import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { dirname, join } from 'node:path'
import { parse } from 'yaml'
import { userDataOf } from '../../src/flows/user-data.ts'
import { config } from '../fixtures/cloud.ts'
import { vault } from '../fixtures/vault.ts'
import { requireProgram, run } from './foreign.ts'

const folder = '/etc/systemd/system/'
/** What K3s's installer and fstab bring. Source: facts of install.sh, v1.37.1. */
const neighbours = {
  'k3s.service':
    '[Unit]\nDescription=K3s\nWants=network-online.target\nAfter=network-online.target\n[Service]\nType=notify\nExecStart=/bin/true\n[Install]\nWantedBy=multi-user.target\n',
  'data.mount': '[Unit]\nDescription=Data\n[Mount]\nWhat=/dev/null\nWhere=/data\n',
}

describe('systemd', function () {
  this.timeout(60_000)
  let dir: string
  before(function () {
    requireProgram(this, 'systemd-analyze', 'apt-get install systemd')
    dir = mkdtempSync(join(tmpdir(), 'cosmos-units-'))
  })
  after(() => {
    if (dir) rmSync(dir, { recursive: true })
  })

  it('takes the units as they are, together with those of K3s', () => {
    const { text } = userDataOf(config(), vault(), { volumeId: 7, address: '203.0.113.7' })
    const files = (parse(text) as { write_files: { path: string; content: string }[] }).write_files
    const units = files.filter(({ path }) => path.startsWith(folder))
    assert.ok(units.length >= 4)
    for (const { path, content } of units) {
      // The scripts are not on this computer.
      write(path.slice(folder.length), content.replace(/^ExecStart=\S+/m, 'ExecStart=/bin/true'))
    }
    for (const [name, content] of Object.entries(neighbours)) write(name, content)
    const names = units.map(({ path }) => path.slice(folder.length)).filter(name => !name.includes('/'))
    const { status, stderr } = run('systemd-analyze', ['verify', '--man=no', 'k3s.service', ...names], {
      cwd: dir,
      env: { ...process.env, SYSTEMD_UNIT_PATH: `${dir}:` },
    })
    assert.equal(stderr, '')
    assert.equal(status, 0)
  })

  function write(name: string, content: string): void {
    mkdirSync(dirname(join(dir, name)), { recursive: true })
    writeFileSync(join(dir, name), content)
  }
})

import { deepEqual, equal } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { join } from 'node:path'
import { freshPublicKey } from '../lab/api/fixtures.ts'
import { requireProgram } from './foreign.ts'
import { type ForeignLab, foreignLab } from './foreign-lab.ts'

/** The library of the current hcloud CLI and of the Terraform provider; its version is pinned in hcloud-go/go.mod. */
describe('interop: hcloud-go on the lab', function () {
  this.timeout(600_000)
  let foreign: ForeignLab
  let program: string
  before(async function () {
    requireProgram(this, 'go', 'install Go 1.26')
    foreign = await foreignLab()
    program = join(foreign.dir, 'hcloud-go')
    const cwd = join(import.meta.dirname, 'hcloud-go')
    const built = spawnSync('go', ['build', '-o', program, '.'], {
      cwd,
      encoding: 'utf8',
      env: { ...process.env, GOFLAGS: '-p=1' },
    })
    equal(built.status, 0, built.stderr)
  })
  after(() => foreign?.end())

  it('does everything, with its own waits', async () => {
    const { code, stdout, stderr } = await foreign.run(program, [], { PUBLIC_KEY: freshPublicKey() })
    equal(code, 0, stderr)
    deepEqual(JSON.parse(stdout), {
      sold: [12, 2, 'x86', true],
      rules: [1, '22', '::/0'],
      create_twice: 'uniqueness_error',
      server: ['running', true, true, 1, false],
      format: 'ext4',
      selected: 1,
      nobody: true,
      changed: ['running', 'cx33', 40],
      unassign_running: 'server_not_stopped',
      delete_assigned: 'must_be_unassigned',
      delete_protected: 'protected',
      delete_attached: 'service_error',
      firewall_in_use: 'resource_in_use',
      gone: true,
      left: [0, 0, 0, 0, 0, 0, 0, 0, 0],
    })
  })
})

import { deepEqual, equal } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { existsSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { freshPublicKey } from '../lab/api/fixtures.ts'
import { requireProgram } from './foreign.ts'
import { type ForeignLab, foreignLab } from './foreign-lab.ts'

/** The version of the current client that this was tried with. */
const current = '2.27.0'
const script = join(import.meta.dirname, 'hcloud-python.py')

const expected = {
  key_twice: 'uniqueness_error',
  server: ['running', 'cx23', 'ubuntu-24.04', { by: 'python' }, ['py-data']],
  format: 'ext4',
  addresses: ['127', true],
  selected: 1,
  protected: 'protected',
  snapshot: 'available',
  change_type_running: 'server_not_stopped',
  changed: ['running', 'cx33', 40],
  unassign_running: 'server_not_stopped',
  delete_assigned: 'must_be_unassigned',
  firewall_in_use: 'resource_in_use',
  left: [0, 0, 0, 0, 0, 0, 0],
  sold: [6, 2],
}

describe('interop: hcloud-python on the lab', function () {
  this.timeout(240_000)
  let foreign: ForeignLab
  beforeEach(async () => {
    foreign = await foreignLab()
  })
  afterEach(() => foreign.end())

  async function drive(python: string): Promise<void> {
    const { code, stdout, stderr } = await foreign.run(python, [script], { PUBLIC_KEY: freshPublicKey() })
    equal(code, 0, stderr)
    deepEqual(JSON.parse(stdout), expected)
  }

  it("Debian's 1.18 does everything", async function () {
    const found = spawnSync('/usr/bin/python3', ['-c', 'import hcloud']).status === 0
    if (!found) requireProgram(this, 'no-hcloud-for-/usr/bin/python3', 'apt-get install python3-hcloud')
    await drive('/usr/bin/python3')
  })

  it(`${current} does everything`, async function () {
    requireProgram(this, 'python3', 'apt-get install python3-venv')
    const venv = join(tmpdir(), `cosmos-hcloud-${current}`)
    const python = join(venv, 'bin', 'python')
    if (!existsSync(join(venv, 'ready'))) {
      const made = spawnSync(
        'sh',
        [
          '-ec',
          `python3 -m venv "$0" && "$1" -m pip -q install hcloud==${current} && touch "$0/ready"`,
          venv,
          python,
        ],
        { encoding: 'utf8' },
      )
      equal(made.status, 0, made.stderr)
    }
    await drive(python)
  })
})

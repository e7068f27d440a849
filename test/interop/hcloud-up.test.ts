import { deepEqual, equal, match } from 'node:assert/strict'
import { spawnSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { LabInfo } from '../../src/lab/index.ts'
import type { Body } from '../lab/api/lab.ts'
import { requireProgram, run } from './foreign.ts'

const program = join(import.meta.dirname, '..', '..', 'bin', 'dev.js')
const pythonScript = `
import json, os
from hcloud import Client
client = Client(token=os.environ["HCLOUD_TOKEN"], api_endpoint=os.environ["HCLOUD_ENDPOINT"])
server = client.servers.get_all(label_selector="cosmos.dev/cluster")[0]
print(json.dumps([server.status, server.public_net.ipv4.ip, [v.linux_device for v in server.volumes], client.volumes.get_all()[0].format]))
`

describe('interop: what `cosmos up --lab` made, seen by other programs', function () {
  this.timeout(120_000)
  let cwd: string
  let env: NodeJS.ProcessEnv
  before(function () {
    requireProgram(this, 'hcloud', 'apt-get install hcloud-cli')
    cwd = mkdtempSync(join(tmpdir(), 'hcloud-up-'))
    const made = run(process.execPath, [program, 'up', '--lab', '--yes'], { cwd })
    equal(made.status, 0, `${made.stdout}${made.stderr}`)
    const lab = JSON.parse(readFileSync(join(cwd, '.cosmos', 'lab', 'lab.json'), 'utf8')) as LabInfo
    const HCLOUD_CONFIG = join(cwd, 'none.toml')
    env = {
      PATH: process.env.PATH,
      HOME: cwd,
      HCLOUD_ENDPOINT: lab.endpoint,
      HCLOUD_TOKEN: lab.token,
      HCLOUD_CONFIG,
    }
  })
  after(() => {
    if (!cwd) return
    run(process.execPath, [program, 'lab', 'stop'], { cwd })
    rmSync(cwd, { recursive: true, force: true })
  })

  const hcloud = (...args: string[]): string => {
    const { status, stdout, stderr } = run('hcloud', args, { env })
    equal(status, 0, stderr)
    return stdout
  }
  const json = (...args: string[]): Body => JSON.parse(hcloud(...args, '-o', 'json'))

  it('hcloud lists and describes server, volume, address, firewall and key', () => {
    const [server] = json('server', 'list', '--selector', 'cosmos.dev/cluster')
    deepEqual([server.status, server.locked], ['running', false])
    match(hcloud('server', 'describe', server.name), /Status:\s+running/)
    const volume = json('volume', 'describe', String(server.volumes[0]))
    equal(volume.server, server.id)
    const address = json('primary-ip', 'list').find((one: Body) => one.type === 'ipv4')
    deepEqual(
      [address.assignee_id, address.auto_delete, address.ip],
      [server.id, false, server.public_net.ipv4.ip],
    )
    const [firewall] = json('firewall', 'list')
    deepEqual(
      firewall.applied_to.map((target: Body) => target.server?.id),
      [server.id],
    )
    match(hcloud('firewall', 'describe', firewall.name), /Port:\s+6443/)
    equal(json('ssh-key', 'list').length, 1)
  })

  it('python3-hcloud sees the same', function () {
    if (spawnSync('/usr/bin/python3', ['-c', 'import hcloud']).status !== 0)
      requireProgram(this, 'no-hcloud-for-/usr/bin/python3', 'apt-get install python3-hcloud')
    const { status, stdout, stderr } = run('/usr/bin/python3', ['-c', pythonScript], { env })
    equal(status, 0, stderr)
    const [state, ip, devices, format] = JSON.parse(stdout)
    deepEqual([state, format], ['running', 'ext4'])
    match(ip, /^127\./)
    match(devices[0], /scsi-0HC_Volume_\d+$/)
  })
})

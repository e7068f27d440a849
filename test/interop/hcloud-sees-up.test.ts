import assert from 'node:assert/strict'
import { join } from 'node:path'
import { Stage } from '../rehearsal/stage.ts'
import { requireProgram, run } from './foreign.ts'

/** What stands in the answer of each list, and how many of it one `up` makes. */
const made = { server: 1, volume: 1, 'primary-ip': 2, firewall: 1, 'ssh-key': 1 }

const python = `
import json, os
from hcloud import Client
client = Client(os.environ["HCLOUD_TOKEN"], api_endpoint=os.environ["HCLOUD_ENDPOINT"])
server = client.servers.get_by_name("cosmos")
volume = client.volumes.get_all(label_selector="cosmos.dev/cluster==cosmos")[0]
print(json.dumps({
    "server": server.name, "status": server.status, "type": server.server_type.name,
    "ipv4": server.public_net.ipv4.ip, "volume": volume.id, "attached": volume.server.id == server.id,
    "firewalls": [each.name for each in client.firewalls.get_all()],
    "keys": [each.name for each in client.ssh_keys.get_all()],
}))
`

describe("other people's clients look at what cosmos up made", function () {
  this.timeout(120_000)
  const stage = new Stage()
  before(async () => {
    await stage.startLab()
    await stage.ok('up', '--lab')
  })
  after(() => stage.close())
  const env = () => ({
    PATH: process.env.PATH,
    HOME: stage.dir,
    HCLOUD_ENDPOINT: stage.lab.endpoint,
    HCLOUD_TOKEN: stage.lab.token,
    HCLOUD_CONFIG: join(stage.dir, 'no-such-file.toml'),
  })

  describe("Debian's hcloud", () => {
    before(function () {
      requireProgram(this, 'hcloud', 'apt-get install hcloud-cli')
    })
    for (const [kind, count] of Object.entries(made)) {
      it(`lists and describes each ${kind}`, () => {
        const list = run('hcloud', [kind, 'list', '-o', 'noheader', '-o', 'columns=id,name'], { env: env() })
        assert.equal(list.status, 0, list.stderr)
        const rows = list.stdout.trim().split('\n')
        assert.equal(rows.length, count, list.stdout)
        for (const row of rows) {
          const [id = '', name = ''] = row.trim().split(/\s+/)
          const described = run('hcloud', [kind, 'describe', id], { env: env() })
          assert.equal(described.status, 0, described.stderr)
          assert.ok(described.stdout.includes(name), described.stdout)
          assert.ok(described.stdout.includes('cosmos.dev/cluster'), described.stdout)
        }
      })
    }
  })

  it("is what Debian's python3-hcloud finds", function () {
    const { status } = run('/usr/bin/python3', ['-c', 'import hcloud'])
    if (status !== 0) requireProgram(this, 'python3-hcloud', 'apt-get install python3-hcloud')
    const { stdout, stderr } = run('/usr/bin/python3', ['-c', python], { env: env() })
    assert.ok(stdout, stderr)
    const { resources } = stage.state
    assert.deepEqual(JSON.parse(stdout), {
      server: 'cosmos',
      status: 'running',
      type: 'cx23',
      ipv4: resources.address,
      volume: resources.volume,
      attached: true,
      firewalls: ['cosmos'],
      keys: ['cosmos'],
    })
  })
})

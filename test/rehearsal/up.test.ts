import assert from 'node:assert/strict'
import { readFileSync, statSync } from 'node:fs'
import { join } from 'node:path'
import { Stage } from './stage.ts'

const kinds = ['servers', 'volumes', 'primary_ips', 'firewalls', 'ssh_keys'] as const
const isWrite = (request: { method: string }) => request.method !== 'GET'
const isPoll = (request: { method: string; path: string }) =>
  request.method === 'GET' && request.path.startsWith('/v1/actions')

/** Asks until it is so; the suite's own time limit ends it otherwise. */
async function until(isSo: () => Promise<boolean>): Promise<void> {
  while (!(await isSo())) await new Promise(resolve => setImmediate(resolve))
}

describe('cosmos up --lab', function () {
  this.timeout(120_000)
  const stage = new Stage()
  before(() => stage.startLab())
  after(() => stage.close())

  it('shows a plan with its cost first, changes nothing and exits with 2', async () => {
    const { code, stdout } = await stage.cosmos('up', '--lab', '--plan')
    assert.equal(code, 2)
    assert.match(stdout, /\+ server +cosmos +cx23 in nbg1/)
    assert.match(stdout, /Costs EUR \d+\.\d\d per month without VAT/)
    assert.deepEqual(stage.requests.filter(isWrite), [])
  })

  it('makes the whole machine in at most ten calls, polls left out', async () => {
    const before = stage.requests.length
    const { stdout, stderr } = await stage.ok('up', '--lab')
    assert.match(stdout, /cosmos is up at 127\.\d+\.\d+\.\d+/)
    assert.match(stdout, /Try next:/)
    assert.match(stderr, /Create server/)
    const calls = stage.requests.slice(before).filter(request => !isPoll(request))
    assert.ok(calls.length <= 10, calls.map(call => `${call.method} ${call.path}`).join('\n'))
  })

  it('gave everything its label, and the server everything it needs from the start', async () => {
    const { servers } = await stage.api('GET', '/servers')
    const [server] = servers
    assert.equal(servers.length, 1)
    assert.equal(server.status, 'running')
    assert.equal(server.volumes.length, 1)
    assert.ok(server.public_net.ipv4.id && server.public_net.ipv6.id)
    for (const kind of kinds) {
      for (const each of (await stage.api('GET', `/${kind}`))[kind])
        assert.equal(each.labels['cosmos.dev/cluster'], 'cosmos', kind)
    }
    assert.ok(
      !stage.requests.some(
        request => request.method === 'POST' && /actions\/(attach|assign)$/.test(request.path),
      ),
    )
  })

  it('does nothing the second time, and says so', async () => {
    const before = stage.requests.length
    const { stdout, result } = await stage
      .ok('up', '--lab', '--json')
      .then(async json => ({ result: json.result, stdout: (await stage.ok('up', '--lab')).stdout }))
    assert.equal(result.type, 'result')
    assert.equal(result.changed, false)
    assert.match(stdout, /Nothing to do/)
    const calls = stage.requests.slice(before)
    assert.deepEqual(calls.filter(isWrite), [])
    assert.ok(calls.length <= 2 * 6, `${calls.length} calls in two runs`)
    assert.equal((await stage.cosmos('up', '--lab', '--plan')).code, 0)
  })

  it('left a state file, a kubeconfig and a history that hold no secret and that nobody else reads', () => {
    const dir = join(stage.projectDir, '.cosmos')
    for (const name of ['state.json', 'kubeconfig', 'history.jsonl']) {
      assert.equal(statSync(join(dir, name)).mode & 0o077, 0, name)
    }
    for (const name of ['state.json', 'history.jsonl']) {
      const text = readFileSync(join(dir, name), 'utf8')
      assert.ok(!text.includes(stage.lab.token))
      assert.doesNotMatch(text, /PRIVATE KEY/)
    }
    assert.equal(stage.state.operation, null)
  })

  it('shows where things stand', async () => {
    const { stdout, code } = await stage.cosmos('status', '--lab')
    assert.equal(code, 0, stdout)
    assert.match(stdout, /Node +Ready/)
    assert.match(stdout, /Root +Synced, Healthy/)
    const { result } = await stage.ok('status', '--lab', '--json')
    assert.equal(result.healthy, true)
    assert.equal(result.volume.attached, true)
  })

  it('reaches the machine: ssh, logs, kubeconfig', async () => {
    const { stdout } = await stage.ok('ssh', '--lab', '--', 'hostname')
    assert.equal(stdout.trim(), 'cosmos')
    assert.equal((await stage.cosmos('ssh', '--lab', '--', 'sh -c "exit 7"')).code, 7)
    assert.match((await stage.ok('logs', '--lab')).stdout, /Start K3s/)
    const { stdout: kubeconfig } = await stage.ok('kubeconfig', '--lab')
    assert.match(
      kubeconfig,
      new RegExp(`server: https://${stage.state.resources.address.replaceAll('.', '\\.')}:6443`),
    )
  })

  it('mends what was changed by hand, and shows it in the plan', async () => {
    const { firewalls } = await stage.api('GET', '/firewalls')
    await stage.api('POST', `/firewalls/${firewalls[0].id}/actions/set_rules`, { rules: [] })
    await stage.api('PUT', `/primary_ips/${stage.state.resources.ipv4}`, { labels: { team: 'a' } })
    const plan = await stage.cosmos('up', '--lab', '--plan')
    assert.equal(plan.code, 2)
    assert.match(plan.stdout, /~ firewall .*rules differ/)
    assert.match(plan.stdout, /~ Primary IPv4 .*lost the label/)
    await stage.ok('up', '--lab')
    const [firewall] = (await stage.api('GET', '/firewalls')).firewalls
    assert.ok(firewall.rules.length >= 5)
    const ip = (await stage.api('GET', `/primary_ips/${stage.state.resources.ipv4}`)).primary_ip
    assert.deepEqual(ip.labels, { team: 'a', 'cosmos.dev/cluster': 'cosmos' })
    assert.equal((await stage.cosmos('up', '--lab', '--plan')).code, 0)
  })

  it('does not take a server down that holds a volume of somebody else, nor an unreleased one without its label', async () => {
    const { server, volume } = stage.state.resources
    const other = (
      await stage.api('POST', '/volumes', { name: 'other', size: 10, location: 'nbg1', format: 'ext4' })
    ).volume
    await until(async () => (await stage.api('GET', `/volumes/${other.id}`)).volume.status === 'available')
    await stage.api('POST', `/volumes/${other.id}/actions/attach`, { server })
    await until(async () => (await stage.api('GET', `/volumes/${other.id}`)).volume.server === server)
    const refused = await stage.cosmos('down', '--lab', '--yes')
    assert.equal(refused.code, 3, refused.stderr)
    assert.match(refused.stderr, new RegExp(`also holds volume ${other.id}`))
    assert.equal((await stage.api('GET', '/servers')).servers.length, 1)
    await until(async () => !(await stage.api('GET', `/servers/${server}`)).server.locked)
    await stage.api('POST', `/volumes/${other.id}/actions/detach`)
    await until(async () => (await stage.api('GET', `/volumes/${other.id}`)).volume.server === null)
    await stage.api('DELETE', `/volumes/${other.id}`)
    await stage.api('PUT', `/volumes/${volume}`, { labels: {} })
    const { stdout, stderr } = await stage.ok('down', '--lab', '--yes')
    assert.match(stdout + stderr, /Release the volume: nothing can write to it any more/)
    assert.deepEqual((await stage.api('GET', `/volumes/${volume}`)).volume.server, null)
    await stage.api('PUT', `/volumes/${volume}`, { labels: { 'cosmos.dev/cluster': 'cosmos' } })
    await stage.ok('up', '--lab')
  })

  it('takes down and brings up again under the same address and data', async () => {
    const { address, volume } = stage.state.resources
    await stage.ok('ssh', '--lab', '--', 'echo kept > /data/note && sync')
    const down = await stage.ok('down', '--lab')
    assert.match(down.stdout, /Still billing/)
    assert.deepEqual((await stage.api('GET', '/servers')).servers, [])
    assert.equal((await stage.api('GET', '/volumes')).volumes.length, 1)
    await stage.ok('up', '--lab')
    assert.equal(stage.state.resources.address, address)
    assert.equal(stage.state.resources.volume, volume)
    assert.equal((await stage.ok('ssh', '--lab', '--', 'cat /data/note')).stdout, 'kept\n')
  })

  it('deletes the data only by name', async () => {
    const refused = await stage.cosmos('down', '--lab', '--volume', '--addresses', '--yes')
    assert.equal(refused.code, 3)
    assert.match(refused.stderr, /--confirm cosmos/)
    assert.equal((await stage.api('GET', '/volumes')).volumes.length, 1)
    const { stdout } = await stage.ok(
      'down',
      '--lab',
      '--volume',
      '--addresses',
      '--yes',
      '--confirm',
      'cosmos',
    )
    assert.match(stdout, /Nothing of this cluster is left that bills/)
    for (const kind of kinds) assert.deepEqual((await stage.api('GET', `/${kind}`))[kind], [], kind)
  })
})

import assert from 'node:assert/strict'
import { ApiActionError, createHetzner, type Hetzner, HetznerError } from '../../src/hetzner/index.ts'
import type { Action } from '../../src/hetzner/wire.ts'
import { generateKeyPair } from '../../src/ssh/index.ts'
import { type TestLab, testLab } from '../lab/api/lab.ts'

/** The client against the lab's API: the same calls that go to Hetzner. Lab time runs 500 times as fast. */
describe('the client on the lab', () => {
  const labels = { 'cosmos.dev/cluster': 'demo' }
  const labelSelector = 'cosmos.dev/cluster=demo'
  const anywhere = ['0.0.0.0/0', '::/0']
  const rules = [{ direction: 'in', protocol: 'tcp', port: '22', source_ips: anywhere } as const]
  let lab: TestLab
  let hetzner: Hetzner
  const client = (token = lab.info.token) =>
    createHetzner({ endpoint: lab.info.endpoint, token, pollIntervalMs: 5 })
  const code =
    (apiCode: string, outcome = 'not-done') =>
    (error: unknown) =>
      error instanceof HetznerError && error.apiCode === apiCode && error.outcome === outcome

  beforeEach(async () => {
    lab = await testLab({ speed: 500 })
    hetzner = client()
  })
  afterEach(() => lab.end())

  async function machine() {
    const publicKey = generateKeyPair('me').publicKey
    const { sshKey } = await hetzner.sshKeys.create({ name: 'demo', public_key: publicKey, labels })
    const { firewall, actions: rulesSet } = await hetzner.firewalls.create({ name: 'demo', rules, labels })
    const { primaryIp } = await hetzner.primaryIps.create({
      name: 'demo',
      type: 'ipv4',
      location: 'nbg1',
      labels,
    })
    const { volume, actions: made } = await hetzner.volumes.create({
      name: 'demo',
      size: 10,
      location: 'nbg1',
      format: 'ext4',
      labels,
    })
    await hetzner.actions.wait([...rulesSet, ...made])
    const { server, actions } = await hetzner.servers.create({
      name: 'demo',
      server_type: 'cx23',
      image: 'ubuntu-24.04',
      location: 'nbg1',
      ssh_keys: [sshKey.id],
      firewalls: [{ firewall: firewall.id }],
      volumes: [volume.id],
      public_net: { ipv4: primaryIp.id, enable_ipv6: false },
      automount: false,
      labels,
    })
    await hetzner.actions.wait(actions)
    return { sshKey, publicKey, firewall, primaryIp, volume, server }
  }

  it('makes a whole machine, finds it by label, and takes it down again', async () => {
    const made = await machine()
    const server = await hetzner.servers.get(made.server.id)
    assert.equal(server?.status, 'running')
    assert.equal(server?.public_net.ipv4?.ip, made.primaryIp.ip)
    assert.deepEqual(server?.volumes, [made.volume.id])
    for (const kind of ['servers', 'volumes', 'primaryIps', 'firewalls', 'sshKeys'] as const) {
      assert.equal((await hetzner[kind].list({ labelSelector })).length, 1, kind)
      assert.equal((await hetzner[kind].list({ labelSelector: 'cosmos.dev/cluster=other' })).length, 0, kind)
    }
    assert.equal((await hetzner.sshKeys.findByPublicKey(made.publicKey))?.id, made.sshKey.id)

    const gone = await hetzner.servers.delete(made.server.id)
    await hetzner.actions.wait(gone ? [gone] : [])
    await hetzner.volumes.delete(made.volume.id)
    await hetzner.primaryIps.delete(made.primaryIp.id)
    await hetzner.firewalls.delete(made.firewall.id)
    await hetzner.sshKeys.delete(made.sshKey.id)
    assert.equal(await hetzner.servers.get(made.server.id), undefined)
    assert.equal(await hetzner.volumes.get(made.volume.id), undefined)
    assert.equal(await hetzner.servers.delete(made.server.id), undefined)
    await hetzner.volumes.delete(made.volume.id)
  })

  it('moves volume and power about', async () => {
    const { server, volume, firewall } = await machine()
    const run = async (action: Promise<Action>) => hetzner.actions.wait([await action])
    await run(hetzner.volumes.detach(volume.id))
    assert.equal((await hetzner.volumes.get(volume.id))?.server, null)
    await run(hetzner.volumes.resize(volume.id, 20))
    await run(hetzner.volumes.attach(volume.id, { server: server.id, automount: false }))
    assert.equal((await hetzner.volumes.get(volume.id))?.size, 20)
    await run(hetzner.servers.powerOff(server.id))
    assert.equal((await hetzner.servers.get(server.id))?.status, 'off')
    await run(hetzner.servers.powerOn(server.id))
    assert.equal((await hetzner.servers.get(server.id))?.status, 'running')
    await hetzner.actions.wait(await hetzner.firewalls.setRules(firewall.id, []))
    assert.deepEqual((await hetzner.firewalls.get(firewall.id))?.rules, [])
    await run(hetzner.servers.changeProtection(server.id, { delete: true, rebuild: true }))
    await assert.rejects(hetzner.servers.delete(server.id), code('protected'))
    const renamed = await hetzner.servers.update(server.id, { labels: { ...labels, role: 'old' } })
    assert.deepEqual(renamed.labels, { ...labels, role: 'old' })
  })

  it('reads what Hetzner offers', async () => {
    const [types, places, prices, images] = await Promise.all([
      hetzner.serverTypes.list(),
      hetzner.locations.list({ name: 'nbg1' }),
      hetzner.pricing.get(),
      hetzner.images.list({ name: 'ubuntu-24.04', architecture: 'x86', type: 'system' }),
    ])
    assert(types.some(type => type.name === 'cx23' && type.locations.length > 0))
    assert.deepEqual(
      places.map(each => each.name),
      ['nbg1'],
    )
    assert.equal(prices.currency, 'EUR')
    assert.equal(images[0]?.architecture, 'x86')
  })

  it('tells wrong and read-only tokens apart', async () => {
    await assert.rejects(client('x'.repeat(64)).servers.list(), code('unauthorized'))
    const reader = client(lab.info.readonlyToken)
    assert.deepEqual(await reader.servers.list(), [])
    await assert.rejects(
      reader.primaryIps.create({ name: 'a', type: 'ipv4', location: 'nbg1' }),
      code('token_readonly'),
    )
  })

  it('finds by name what was made although the answer was lost', async () => {
    lab.cloud.faults.add({ kind: 'api', on: 'POST /volumes', mode: 'lost' })
    const body = { name: 'demo', size: 10, location: 'nbg1' }
    await assert.rejects(hetzner.volumes.create(body), code('network_reset', 'unknown'))
    assert.equal((await hetzner.volumes.list({ name: 'demo' })).length, 1)
    await assert.rejects(hetzner.volumes.create(body), code('uniqueness_error'))
  })

  it('reads on when the API is not available for a moment, and says why a create failed later', async () => {
    lab.cloud.faults.add({ kind: 'api', on: 'GET /servers', code: 'unavailable', times: 1 })
    assert.deepEqual(await hetzner.servers.list(), [])
    lab.cloud.faults.add({ kind: 'action', on: 'create_server', code: 'resource_unavailable' })
    const { actions } = await hetzner.servers.create({
      name: 'a',
      server_type: 'cx23',
      image: 'ubuntu-24.04',
    })
    await assert.rejects(
      hetzner.actions.wait(actions),
      error => error instanceof ApiActionError && error.apiCode === 'resource_unavailable',
    )
  })
})

import assert from 'node:assert/strict'
import { type TestCloud, testCloud } from './cloud.ts'

describe('servers of the lab', () => {
  let cloud: TestCloud
  beforeEach(async () => {
    cloud = await testCloud()
  })
  afterEach(() => cloud.end())

  it('are initializing, then off, then running, as their actions end', async () => {
    const { server, actions } = await cloud.hetzner.servers.create({
      name: 'demo',
      server_type: 'cx23',
      image: 'ubuntu-24.04',
      location: 'nbg1',
      user_data: '#cloud-config\n',
    })
    assert.equal(server.status, 'initializing')
    assert.equal(server.locked, true)
    assert.deepEqual(
      actions.map(({ command, status }) => [command, status]),
      [
        ['create_server', 'running'],
        ['start_server', 'running'],
      ],
    )
    assert.deepEqual(cloud.machines.calls, ['resume'])
    await cloud.settle()
    const later = await cloud.hetzner.servers.get(server.id)
    assert.equal(later?.status, 'running')
    assert.equal(later?.locked, false)
    assert.deepEqual(
      cloud.machines.calls.filter(call => /^(create|start) /.test(call)),
      [`create ${server.id}`, `start ${server.id}`],
    )
    assert.equal(cloud.machines.specOf(server.id)?.userData, '#cloud-config\n')
  })

  it('get addresses of their own, which go with them', async () => {
    const server = await cloud.server()
    assert.match(server.public_net.ipv4?.ip ?? '', /^127\.\d+\.\d+\.\d+$/)
    assert.match(server.public_net.ipv6?.ip ?? '', /^fd[0-9a-f:]+::\/64$/)
    assert.equal((await cloud.hetzner.primaryIps.list()).length, 2)
    await cloud.through(cloud.hetzner.servers.delete(server.id))
    assert.deepEqual(await cloud.hetzner.primaryIps.list(), [])
    assert.equal(await cloud.hetzner.servers.get(server.id), undefined)
  })

  it('let go of volume, address and firewall only when the delete is through', async () => {
    const { hetzner } = cloud
    const { volume } = await hetzner.volumes.create({ name: 'data', size: 10, location: 'nbg1' })
    const { primaryIp } = await hetzner.primaryIps.create({ name: 'address', type: 'ipv4', location: 'nbg1' })
    const { firewall } = await hetzner.firewalls.create({ name: 'wall' })
    await cloud.settle()
    const server = await cloud.server({
      volumes: [volume.id],
      firewalls: [{ firewall: firewall.id }],
      public_net: { ipv4: primaryIp.id, enable_ipv6: false },
    })
    assert.deepEqual(server.volumes, [volume.id])
    assert.equal(server.public_net.ipv4?.ip, primaryIp.ip)
    assert.deepEqual(server.public_net.firewalls, [{ id: firewall.id, status: 'applied' }])

    const deleting = await hetzner.servers.delete(server.id)
    assert.equal((await hetzner.servers.get(server.id))?.status, 'deleting')
    const refused = await cloud.ask('DELETE', `/primary_ips/${primaryIp.id}`)
    assert.equal(refused.body.error.code, 'must_be_unassigned')
    const inUse = await cloud.ask('DELETE', `/firewalls/${firewall.id}`)
    assert.equal(inUse.body.error.code, 'resource_in_use')

    await cloud.settle()
    await hetzner.actions.wait(deleting ? [deleting] : [])
    assert.equal((await hetzner.volumes.get(volume.id))?.server, null)
    assert.equal((await hetzner.primaryIps.get(primaryIp.id))?.assignee_type, 'unassigned')
    assert.deepEqual((await hetzner.firewalls.get(firewall.id))?.applied_to, [])
  })

  it('only ask the guest to shut down', async () => {
    const { hetzner, machines } = cloud
    const { id } = await cloud.server()
    await cloud.through(hetzner.servers.shutdown(id))
    assert.equal((await hetzner.servers.get(id))?.status, 'running')
    machines.guestPowersOff(id)
    assert.equal((await hetzner.servers.get(id))?.status, 'off')
  })

  it('turn off and on, and say starting and stopping meanwhile', async () => {
    const { hetzner } = cloud
    const { id } = await cloud.server()
    const off = await hetzner.servers.powerOff(id)
    assert.equal((await hetzner.servers.get(id))?.status, 'stopping')
    await cloud.settle()
    assert.equal((await hetzner.actions.get([off.id]))[0]?.progress, 100)
    assert.equal((await hetzner.servers.get(id))?.status, 'off')
    await hetzner.servers.powerOn(id)
    assert.equal((await hetzner.servers.get(id))?.status, 'starting')
    await cloud.settle()
    assert.equal((await hetzner.servers.get(id))?.status, 'running')
  })

  it('are locked while an action runs', async () => {
    const { id } = await cloud.server()
    await cloud.hetzner.servers.powerOff(id)
    const refused = await cloud.ask('POST', `/servers/${id}/actions/reboot`)
    assert.equal(refused.status, 423)
    assert.equal(refused.body.error.code, 'locked')
  })

  it('keep id, addresses and volumes over a rebuild with new user data', async () => {
    const { hetzner, machines } = cloud
    const before = await cloud.server({ user_data: 'old' })
    await cloud.through(hetzner.servers.rebuild(before.id, { image: 'debian-13', user_data: 'new' }))
    const after = await hetzner.servers.get(before.id)
    assert.equal(after?.status, 'running')
    assert.equal(after?.image?.name, 'debian-13')
    assert.equal(after?.public_net.ipv4?.ip, before.public_net.ipv4?.ip)
    assert(machines.calls.includes(`rebuild ${before.id} debian-13 new`))
  })

  it('change their type only when off, and are started again', async () => {
    const { hetzner } = cloud
    const { id } = await cloud.server()
    const body = { server_type: 'cx33', upgrade_disk: false }
    const early = await cloud.ask('POST', `/servers/${id}/actions/change_type`, body)
    assert.equal(early.body.error.code, 'server_not_stopped')
    await cloud.through(hetzner.servers.powerOff(id))
    await cloud.through(hetzner.servers.changeType(id, body))
    const server = await hetzner.servers.get(id)
    assert.equal(server?.server_type.name, 'cx33')
    assert.equal(server?.status, 'running')
  })

  it('are not deleted while protected', async () => {
    const { hetzner } = cloud
    const { id } = await cloud.server()
    await hetzner.servers.changeProtection(id, { delete: true, rebuild: true })
    const refused = await cloud.ask('DELETE', `/servers/${id}`)
    assert.equal(refused.status, 423)
    assert.equal(refused.body.error.code, 'protected')
  })

  it('boot from a snapshot, more slowly', async () => {
    const { hetzner, machines } = cloud
    const { id } = await cloud.server()
    const { image, actions } = await hetzner.servers.createImage(id, { description: 'before the change' })
    assert.equal(image.status, 'creating')
    await cloud.settle()
    await hetzner.actions.wait(actions)
    const made = await hetzner.servers.create({
      name: 'copy',
      server_type: 'cx23',
      image: String(image.id),
      location: 'nbg1',
    })
    await cloud.clock.step(30_000)
    assert.equal((await hetzner.servers.get(made.server.id))?.status, 'initializing')
    await cloud.settle()
    assert.equal(machines.specOf(made.server.id)?.snapshot, `disk-of-${id}`)
  })

  const refusals: [string, Record<string, unknown>, number, string][] = [
    ['a name that is no host name', { name: 'not_a_host' }, 422, 'invalid_input'],
    ['an unknown type', { server_type: 'cx99' }, 422, 'invalid_input'],
    ['an unknown place', { location: 'mars1' }, 422, 'invalid_input'],
    ['an unknown image', { image: 'windows-11' }, 422, 'invalid_input'],
    ['an unknown SSH key', { ssh_keys: ['nobody'] }, 404, 'not_found'],
    ['an unknown volume', { volumes: [1] }, 404, 'not_found'],
    ['user data above 32 KiB', { user_data: 'x'.repeat(32_769) }, 422, 'invalid_input'],
    ['a wrong type of field', { labels: 'demo' }, 422, 'invalid_input'],
    [
      'no network and a start',
      { public_net: { enable_ipv4: false, enable_ipv6: false } },
      422,
      'invalid_input',
    ],
  ]
  for (const [what, change, status, code] of refusals) {
    it(`refuse ${what}`, async () => {
      const answer = await cloud.ask('POST', '/servers', {
        name: 'demo',
        server_type: 'cx23',
        image: 'ubuntu-24.04',
        location: 'nbg1',
        ...change,
      })
      assert.equal(answer.status, status, JSON.stringify(answer.body))
      assert.equal(answer.body.error.code, code)
      assert.deepEqual(await cloud.hetzner.servers.list(), [])
      assert.deepEqual(await cloud.hetzner.primaryIps.list(), [])
    })
  }

  it('refuse a name twice, and more than the project may have', async () => {
    const { id } = await cloud.server()
    assert(id > 0)
    const body = { name: 'demo', server_type: 'cx23', image: 'ubuntu-24.04' }
    const twice = await cloud.ask('POST', '/servers', body)
    assert.equal(twice.status, 409)
    assert.equal(twice.body.error.code, 'uniqueness_error')
    cloud.cloud.settings.setLimit('servers', 1)
    const many = await cloud.ask('POST', '/servers', { ...body, name: 'other' })
    assert.equal(many.status, 403)
    assert.equal(many.body.error.code, 'resource_limit_exceeded')
  })

  it('refuse what is not in stock, in the one place only', async () => {
    cloud.cloud.settings.setStock('cx23', 'nbg1', false)
    const body = { name: 'demo', server_type: 'cx23', image: 'ubuntu-24.04' }
    const none = await cloud.ask('POST', '/servers', { ...body, location: 'nbg1' })
    assert.equal(none.status, 412)
    assert.equal(none.body.error.code, 'resource_unavailable')
    const types = await cloud.hetzner.serverTypes.list()
    const here = types.find(({ name }) => name === 'cx23')?.locations.find(({ name }) => name === 'nbg1')
    assert.equal(here?.available, false)
    assert.equal((await cloud.ask('POST', '/servers', { ...body, location: 'fsn1' })).status, 201)
  })

  it('give a root password only without SSH keys', async () => {
    const body = { name: 'one', server_type: 'cx23', image: 'ubuntu-24.04' }
    assert.match((await cloud.ask('POST', '/servers', body)).body.root_password, /^\w{20}$/)
    const { sshKey } = await cloud.hetzner.sshKeys.create({
      name: 'me',
      public_key: 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJzRXcbUuFZkw2MR1VTBHhKAkwQNMqLXfzLXbvXbyDQN me',
    })
    const other = await cloud.ask('POST', '/servers', { ...body, name: 'two', ssh_keys: [sshKey.id] })
    assert.equal(other.body.root_password, null)
  })
})

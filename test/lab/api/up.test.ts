import { deepEqual, equal, ok } from 'node:assert/strict'
import { type TestLab, testLab } from './lab.ts'

const publicKey = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIJwZ9vj2yXtb0BqZ2n9m8o0Q0oUvCw2jVQ3T5w8mQh8u me'

describe('lab: what `up` asks for', () => {
  let lab: TestLab
  before(async () => {
    lab = await testLab()
  })
  after(() => lab.end())

  it('makes a machine with everything at once', async () => {
    const labels = { 'cosmos.dev/cluster': 'demo' }
    const { ssh_key } = await lab.post('/ssh_keys', { name: 'me', public_key: `${publicKey}\n`, labels })
    const rules = [{ direction: 'in', protocol: 'tcp', port: '22', source_ips: ['0.0.0.0/0', '::/0'] }]
    const { firewall } = await lab.post('/firewalls', { name: 'fw', rules, labels })
    const { primary_ip } = await lab.post('/primary_ips', {
      name: 'ip',
      type: 'ipv4',
      location: 'fsn1',
      labels,
    })
    const { volume } = await lab.post('/volumes', {
      name: 'data',
      size: 10,
      format: 'ext4',
      location: 'fsn1',
      labels,
    })
    equal(primary_ip.assignee_type, 'unassigned')
    await lab.settle()
    const made = await lab.post('/servers', {
      name: 'demo',
      server_type: 'cx23',
      image: 'ubuntu-24.04',
      location: 'fsn1',
      ssh_keys: [ssh_key.id],
      firewalls: [{ firewall: firewall.id }],
      volumes: [volume.id],
      automount: false,
      user_data: '#cloud-config\n',
      public_net: { ipv4: primary_ip.id, enable_ipv6: true },
      labels,
    })
    equal(made.server.status, 'initializing')
    equal(made.root_password, null)
    equal(made.server.public_net.ipv4.ip, primary_ip.ip)
    const commands = made.next_actions.map((one: { command: string }) => one.command)
    deepEqual(commands, ['start_server', 'attach_volume', 'apply_firewall'])
    const ids = [made.action, ...made.next_actions].map((one: { id: number }) => `id=${one.id}`).join('&')
    const running = await lab.get(`/actions?${ids}`)
    ok(running.actions.every((one: { status: string }) => one.status === 'running'))
    await lab.settle()
    const { server } = await lab.get(`/servers/${made.server.id}`)
    equal(server.status, 'running')
    equal(server.locked, false)
    deepEqual(server.volumes, [volume.id])
    deepEqual(server.public_net.firewalls, [{ id: firewall.id, status: 'applied' }])
    equal(lab.machines.specOf(server.id)?.userData, '#cloud-config\n')
    deepEqual(lab.machines.specOf(server.id)?.publicKeys, [publicKey])
    const { servers, meta } = await lab.get('/servers?label_selector=cosmos.dev%2Fcluster%3D%3Ddemo')
    equal(servers.length, 1)
    equal(meta.pagination.total_entries, 1)
  })

  it('lets everything go when the server is deleted, and not before', async () => {
    const [server] = (await lab.get('/servers')).servers
    const [address] = (await lab.get('/primary_ips?sort=id')).primary_ips
    const reply = await lab.ask('DELETE', `/servers/${server.id}`)
    equal(reply.status, 200)
    equal(reply.body.action.command, 'delete_server')
    equal((await lab.ask('DELETE', `/primary_ips/${address.id}`)).body.error.code, 'must_be_unassigned')
    await lab.settle()
    equal((await lab.ask('GET', `/servers/${server.id}`)).status, 404)
    const left = (await lab.get('/primary_ips')).primary_ips
    deepEqual(
      left.map((one: { name: string; assignee_id: number | null }) => [one.name, one.assignee_id]),
      [['ip', null]],
    )
    equal((await lab.get('/volumes')).volumes[0].server, null)
    equal((await lab.ask('DELETE', `/primary_ips/${address.id}`)).status, 204)
  })
})

import { deepEqual, equal, match } from 'node:assert/strict'
import { madeAddress, madeServer, offServer, outcome } from './fixtures.ts'
import { type TestLab, testLab } from './lab.ts'

describe('lab: Primary IPs', () => {
  let lab: TestLab
  beforeEach(async () => {
    lab = await testLab({ limits: { primary_ips: 50 } })
  })
  afterEach(() => lab.end())

  const assign = (ip: { id: number }, server: { id: number }) =>
    outcome(lab, 'POST', `/primary_ips/${ip.id}/actions/assign`, {
      assignee_type: 'server',
      assignee_id: server.id,
    })
  const unassign = (ip: { id: number }) => outcome(lab, 'POST', `/primary_ips/${ip.id}/actions/unassign`)
  const without4 = { public_net: { enable_ipv4: false } }

  it('are addresses of this machine, or a /64 that nobody dials', async () => {
    const [four, six] = [
      await madeAddress(lab),
      await madeAddress(lab, { type: 'ipv6', assignee_type: 'server' }),
    ]
    match(four.ip, /^127\.\d+\.\d+\.10$/)
    match(six.ip, /^fd[0-9a-f:]+::\/64$/)
    match(four.dns_ptr[0].dns_ptr, /^static\.10\..*\.your-server\.de$/)
    deepEqual(
      [four.assignee_id, four.assignee_type, four.auto_delete, six.dns_ptr],
      [null, 'unassigned', false, []],
    )
    equal((await madeAddress(lab)).ip, four.ip.replace(/10$/, '11'))
    deepEqual((await lab.get(`/primary_ips?ip=${four.ip}`)).primary_ips.length, 1)
  })

  it('move only between servers that are off', async () => {
    const ip = await madeAddress(lab)
    const running = await madeServer(lab, without4)
    equal(await assign(ip, running), '422 server_not_stopped')
    const server = await offServer(lab, without4)
    equal(await assign(ip, server), '201')
    await lab.settle()
    equal((await lab.get(`/servers/${server.id}`)).server.public_net.ipv4.id, ip.id)
    equal(lab.machines.addressesOf(server.id)?.ipv4, ip.ip)
    await lab.post(`/servers/${server.id}/actions/poweron`)
    await lab.settle()
    equal(await unassign(ip), '422 server_not_stopped')
    await lab.post(`/servers/${server.id}/actions/poweroff`)
    await lab.settle()
    equal(await unassign(ip), '201')
    await lab.settle()
    equal((await lab.get(`/servers/${server.id}`)).server.public_net.ipv4, null)
    equal(lab.machines.addressesOf(server.id)?.ipv4, null)
  })

  it('are one of each version, in the same place, and belong to one server', async () => {
    const server = await offServer(lab, without4)
    const [ip, second, far] = [
      await madeAddress(lab),
      await madeAddress(lab),
      await madeAddress(lab, { location: 'hel1' }),
    ]
    equal(await assign(far, server), '422 primary_ip_datacenter_mismatch')
    equal(await assign(await madeAddress(lab, { type: 'ipv6' }), server), '422 server_has_ipv6')
    equal(await assign(ip, server), '201')
    await lab.settle()
    equal(await assign(second, server), '422 server_has_ipv4')
    equal(await assign(ip, await offServer(lab, without4)), '422 primary_ip_already_assigned')
  })

  it('are named in the order of a server only when they fit', async () => {
    const [ip, far] = [await madeAddress(lab), await madeAddress(lab, { location: 'hel1' })]
    const order = (net: object) =>
      outcome(lab, 'POST', '/servers', {
        name: 'x',
        server_type: 'cx23',
        image: 'debian-12',
        location: 'fsn1',
        public_net: net,
      })
    equal(await order({ ipv4: far.id }), '422 primary_ip_datacenter_mismatch')
    equal(await order({ ipv6: ip.id }), '412 primary_ip_version_mismatch')
    equal(await order({ ipv4: ip.id, enable_ipv4: false }), '422 invalid_input')
    equal(await order({ ipv4: 999 }), '404 not_found')
    equal(await order({ ipv4: ip.id }), '201')
    equal(
      await outcome(lab, 'POST', '/servers', {
        name: 'y',
        server_type: 'cx23',
        image: 'debian-12',
        location: 'fsn1',
        public_net: { ipv4: ip.id },
      }),
      '422 primary_ip_assigned',
    )
  })

  it('cannot be deleted while assigned or protected', async () => {
    const server = await offServer(lab)
    const id = server.public_net.ipv4.id
    equal(await outcome(lab, 'DELETE', `/primary_ips/${id}`), '422 must_be_unassigned')
    const ip = await madeAddress(lab)
    await lab.post(`/primary_ips/${ip.id}/actions/change_protection`, { delete: true })
    equal(await outcome(lab, 'DELETE', `/primary_ips/${ip.id}`), '423 protected')
    const auto = await madeAddress(lab, { auto_delete: true })
    equal(
      await outcome(lab, 'POST', `/primary_ips/${auto.id}/actions/change_protection`, { delete: true }),
      '422 service_error',
    )
  })

  it('keep a server from being deleted while protected', async () => {
    const ip = await madeAddress(lab)
    const server = await offServer(lab, { public_net: { ipv4: ip.id } })
    await lab.post(`/primary_ips/${ip.id}/actions/change_protection`, { delete: true })
    equal(await outcome(lab, 'DELETE', `/servers/${server.id}`), '423 protected')
  })

  it('go with the server, or stay, as auto_delete says', async () => {
    const kept = await madeAddress(lab)
    const server = await offServer(lab, { public_net: { ipv4: kept.id } })
    equal((await lab.get('/primary_ips')).primary_ips.length, 2)
    await lab.ask('DELETE', `/servers/${server.id}`)
    await lab.settle()
    const left = (await lab.get('/primary_ips')).primary_ips
    deepEqual(
      left.map((ip: { id: number; assignee_id: null }) => [ip.id, ip.assignee_id]),
      [[kept.id, null]],
    )
  })

  it('leave a server that cannot start when the last one goes', async () => {
    const server = await offServer(lab, { public_net: { enable_ipv6: false } })
    equal(await unassign(server.public_net.ipv4), '201')
    await lab.settle()
    equal(await outcome(lab, 'POST', `/servers/${server.id}/actions/poweron`), '422 service_error')
  })

  it('have a reverse name that can be set and reset', async () => {
    const [four, six] = [await madeAddress(lab), await madeAddress(lab, { type: 'ipv6' })]
    const change = (ip: { id: number }, body: object) =>
      outcome(lab, 'POST', `/primary_ips/${ip.id}/actions/change_dns_ptr`, body)
    const names = async (ip: { id: number }) => (await lab.get(`/primary_ips/${ip.id}`)).primary_ip.dns_ptr
    equal(await change(four, { ip: four.ip, dns_ptr: 'a.example.com' }), '201')
    deepEqual(await names(four), [{ ip: four.ip, dns_ptr: 'a.example.com' }])
    equal(await change(four, { ip: four.ip, dns_ptr: null }), '201')
    deepEqual(await names(four), four.dns_ptr)
    equal(await change(four, { ip: '10.0.0.1', dns_ptr: 'x' }), '422 invalid_input')
    equal(await change(six, { ip: six.ip.replace('/64', '1'), dns_ptr: 'six.example.com' }), '201')
    equal((await names(six)).length, 1)
  })

  it('are made for a server in one go', async () => {
    const server = await offServer(lab, without4)
    const body = { name: 'direct', type: 'ipv4', assignee_type: 'server', assignee_id: server.id }
    const { primary_ip, action } = await lab.post('/primary_ips', body)
    equal(action.command, 'assign_primary_ip')
    await lab.settle()
    equal((await lab.get(`/primary_ips/${primary_ip.id}`)).primary_ip.assignee_id, server.id)
  })

  it('run into the limit of the project', async () => {
    lab.cloud.settings.setLimit('primary_ips', 1)
    equal(
      await outcome(lab, 'POST', '/servers', { name: 'x', server_type: 'cx23', image: 'debian-12' }),
      '403 resource_limit_exceeded',
    )
    deepEqual((await lab.get('/servers')).servers, [])
  })
})

import { deepEqual, equal } from 'node:assert/strict'
import { madeFirewall, madeServer, outcome, sshIn } from './fixtures.ts'
import { type Body, type TestLab, testLab } from './lab.ts'

describe('lab: firewalls', () => {
  let lab: TestLab
  before(async () => {
    lab = await testLab({ limits: { servers: 20, primary_ips: 40 } })
  })
  after(() => lab.end())

  const badRules: [string, object][] = [
    ['no direction', { ...sshIn, direction: undefined }],
    ['an unknown protocol', { ...sshIn, protocol: 'sctp' }],
    ['tcp without a port', { ...sshIn, port: undefined }],
    ['icmp with a port', { ...sshIn, protocol: 'icmp' }],
    ['port 0', { ...sshIn, port: '0' }],
    ['port 65536', { ...sshIn, port: '65536' }],
    ['a range that runs backwards', { ...sshIn, port: '90-80' }],
    ['a number as port', { ...sshIn, port: 22 }],
    ['no source', { ...sshIn, source_ips: [] }],
    ['an address without a length', { ...sshIn, source_ips: ['10.0.0.1'] }],
    ['host bits', { ...sshIn, source_ips: ['10.0.0.1/8'] }],
    ['host bits of IPv6', { ...sshIn, source_ips: ['fd00::1/64'] }],
    ['101 sources', { ...sshIn, source_ips: Array.from({ length: 101 }, (_, n) => `10.0.${n}.0/24`) }],
    ['outward without a destination', { ...sshIn, direction: 'out' }],
    ['a description of 256 characters', { ...sshIn, description: 'd'.repeat(256) }],
  ]
  for (const [what, rule] of badRules) {
    it(`refuses a rule with ${what}`, async () => {
      equal(await outcome(lab, 'POST', '/firewalls', { name: 'bad', rules: [rule] }), '422 invalid_input')
    })
  }

  it('refuses 51 rules', async () => {
    const rules = Array.from({ length: 51 }, () => sshIn)
    equal(await outcome(lab, 'POST', '/firewalls', { name: 'bad', rules }), '422 invalid_input')
  })

  it('gives rules back as they were sent, with both lists', async () => {
    const rules = [
      {
        direction: 'in',
        protocol: 'tcp',
        port: 'any',
        source_ips: ['192.0.2.0/24', '2001:db8::/32', '198.51.100.7/32'],
      },
      { direction: 'in', protocol: 'icmp', source_ips: ['0.0.0.0/0'], description: 'ping' },
      { direction: 'out', protocol: 'udp', port: '1024-5000', destination_ips: ['::/0'] },
    ]
    const firewall = await madeFirewall(lab, { rules })
    deepEqual(
      firewall.rules.map((rule: Body) => [
        rule.port,
        rule.source_ips.length,
        rule.destination_ips.length,
        rule.description,
      ]),
      [
        ['any', 3, 0, null],
        [null, 1, 0, 'ping'],
        ['1024-5000', 0, 1, null],
      ],
    )
  })

  it('replaces all rules, also by none', async () => {
    const firewall = await madeFirewall(lab)
    const { actions } = await lab.post(`/firewalls/${firewall.id}/actions/set_rules`, { rules: [] })
    deepEqual(
      actions.map((one: Body) => one.command),
      ['set_firewall_rules'],
    )
    deepEqual((await lab.get(`/firewalls/${firewall.id}`)).firewall.rules, [])
    equal(await outcome(lab, 'POST', `/firewalls/${firewall.id}/actions/set_rules`, {}), '422 invalid_input')
  })

  it('is pending, then applied, and in use until it is removed', async () => {
    const server = await madeServer(lab)
    const firewall = await madeFirewall(lab)
    const target = [{ type: 'server', server: { id: server.id } }]
    const path = `/firewalls/${firewall.id}/actions`
    await lab.post(`${path}/apply_to_resources`, { apply_to: target })
    const stateOf = async () => (await lab.get(`/servers/${server.id}`)).server.public_net.firewalls
    deepEqual(await stateOf(), [{ id: firewall.id, status: 'pending' }])
    await lab.settle()
    deepEqual(await stateOf(), [{ id: firewall.id, status: 'applied' }])
    equal(
      await outcome(lab, 'POST', `${path}/apply_to_resources`, { apply_to: target }),
      '422 firewall_already_applied',
    )
    equal(await outcome(lab, 'DELETE', `/firewalls/${firewall.id}`), '422 resource_in_use')
    await lab.post(`${path}/remove_from_resources`, { remove_from: target })
    await lab.settle()
    deepEqual(await stateOf(), [])
    equal(
      await outcome(lab, 'POST', `${path}/remove_from_resources`, { remove_from: target }),
      '404 firewall_resource_not_found',
    )
    equal(await outcome(lab, 'DELETE', `/firewalls/${firewall.id}`), '204')
  })

  it('follows labels after some seconds', async () => {
    const selector = { type: 'label_selector', label_selector: { selector: 'role=web' } }
    const firewall = await madeFirewall(lab, { apply_to: [selector] })
    const server = await madeServer(lab)
    await lab.ask('PUT', `/servers/${server.id}`, { labels: { role: 'web' } })
    const stateOf = async () => (await lab.get(`/servers/${server.id}`)).server.public_net.firewalls
    deepEqual(await stateOf(), [{ id: firewall.id, status: 'pending' }])
    await lab.clock.step(3000)
    deepEqual(await stateOf(), [{ id: firewall.id, status: 'applied' }])
    const [target] = (await lab.get(`/firewalls/${firewall.id}`)).firewall.applied_to
    deepEqual(target.applied_to_resources, [{ type: 'server', server: { id: server.id } }])
    await lab.ask('PUT', `/servers/${server.id}`, { labels: {} })
    deepEqual(await stateOf(), [])
  })

  it('is one of at most five on a server', async () => {
    const server = await madeServer(lab)
    const apply_to = [{ type: 'server', server: { id: server.id } }]
    for (let n = 0; n < 5; n++) await madeFirewall(lab, { apply_to })
    equal(
      await outcome(lab, 'POST', '/firewalls', { name: 'sixth', apply_to }),
      '403 resource_limit_exceeded',
    )
    equal((await lab.get('/firewalls?name=sixth')).firewalls.length, 0)
  })

  const badTargets: [unknown, string][] = [
    [[{ type: 'server', server: { id: 999 } }], '404 firewall_resource_not_found'],
    [[{ type: 'network' }], '422 invalid_input'],
    [[{ type: 'label_selector', label_selector: { selector: 'a b c' } }], '422 invalid_input'],
    ['all', '422 invalid_input'],
  ]
  for (const [apply_to, wanted] of badTargets) {
    it(`answers ${wanted} to apply_to ${JSON.stringify(apply_to)}`, async () => {
      equal(await outcome(lab, 'POST', '/firewalls', { name: 'target', apply_to }), wanted)
    })
  }
})

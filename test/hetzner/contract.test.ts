import assert from 'node:assert/strict'
import { readFileSync } from 'node:fs'
import { createRequire } from 'node:module'
import { dirname, join } from 'node:path'
import { Ajv } from 'ajv'
import type { Hetzner } from '../../src/hetzner/index.ts'
import type { FirewallRuleInput } from '../../src/hetzner/wire.ts'
import { action, scripted } from './scripted-server.ts'

type Schema = { properties?: Record<string, unknown>; required?: string[] }
type Operation = {
  deprecated?: boolean
  parameters?: { name: string; in: string }[]
  requestBody?: { content: { 'application/json': { schema: Schema } } }
}
type Spec = { paths: Record<string, Record<string, Operation>> }

/** The official description of May 2026, as a package carries it; used here only, never shipped. */
const packageJson = createRequire(import.meta.url).resolve('@mguttmann/hetzner-cloud-mcp/package.json')
const spec = JSON.parse(readFileSync(join(dirname(packageJson), 'specs/cloud.spec.json'), 'utf8')) as Spec
const ajv = new Ajv({ strict: false, validateFormats: false })

/** Keys that this copy asks for and that need not be sent any more (2026-04-27). */
const optionalNow = new Set(['POST /primary_ips assignee_type'])

const rule: FirewallRuleInput = {
  direction: 'in',
  protocol: 'tcp',
  port: '22',
  source_ips: ['0.0.0.0/0'],
  description: 'SSH',
}
const target = [{ type: 'server' as const, server: { id: 2 } }]
const labels = { 'cosmos.dev/cluster': 'demo' }
const list = { name: 'a', labelSelector: 'k=v', sort: 'id:asc' }

/** Every call the client can make, once. */
const calls: ((hetzner: Hetzner) => Promise<unknown>)[] = [
  h => h.servers.list({ ...list, status: ['off', 'running'] }),
  h => h.servers.get(1),
  h =>
    h.servers.create({
      name: 'a',
      server_type: 'cx23',
      image: 'ubuntu-24.04',
      location: 'nbg1',
      start_after_create: true,
      ssh_keys: ['a'],
      volumes: [1],
      firewalls: [{ firewall: 1 }],
      user_data: '#cloud-config',
      labels,
      automount: false,
      public_net: { enable_ipv4: true, enable_ipv6: true, ipv4: 1, ipv6: null },
    }),
  h => h.servers.update(1, { name: 'b', labels }),
  h => h.servers.delete(1),
  h => h.servers.powerOn(1),
  h => h.servers.powerOff(1),
  h => h.servers.shutdown(1),
  h => h.servers.reboot(1),
  h => h.servers.reset(1),
  h => h.servers.rebuild(1, { image: 'ubuntu-24.04', user_data: 'x' }),
  h => h.servers.changeType(1, { server_type: 'cx33', upgrade_disk: false }),
  h => h.servers.changeProtection(1, { delete: true, rebuild: true }),
  h => h.servers.createImage(1, { description: 'd', type: 'snapshot', labels }),
  h => h.servers.enableRescue(1, [2]),
  h => h.servers.disableRescue(1),
  h => h.servers.changeDnsPtr(1, '1.2.3.4', 'a.example'),
  h => h.volumes.list({ ...list, status: 'available' }),
  h => h.volumes.get(1),
  h => h.volumes.create({ name: 'a', size: 10, format: 'ext4', location: 'nbg1', labels }),
  h => h.volumes.update(1, { labels }),
  h => h.volumes.delete(1),
  h => h.volumes.attach(1, { server: 2, automount: false }),
  h => h.volumes.detach(1),
  h => h.volumes.resize(1, 20),
  h => h.volumes.changeProtection(1, { delete: true }),
  h => h.primaryIps.list({ ...list, ip: '1.2.3.4' }),
  h => h.primaryIps.get(1),
  h => h.primaryIps.create({ name: 'a', type: 'ipv4', location: 'nbg1', auto_delete: false, labels }),
  h => h.primaryIps.update(1, { auto_delete: false }),
  h => h.primaryIps.delete(1),
  h => h.primaryIps.assign(1, 2),
  h => h.primaryIps.unassign(1),
  h => h.primaryIps.changeDnsPtr(1, '1.2.3.4', null),
  h => h.primaryIps.changeProtection(1, { delete: true }),
  h => h.firewalls.list(list),
  h => h.firewalls.get(1),
  h => h.firewalls.create({ name: 'a', rules: [rule], labels, apply_to: target }),
  h => h.firewalls.update(1, { labels }),
  h => h.firewalls.delete(1),
  h => h.firewalls.setRules(1, [rule]),
  h => h.firewalls.applyToResources(1, target),
  h => h.firewalls.removeFromResources(1, target),
  h => h.sshKeys.list(list),
  h => h.sshKeys.findByFingerprint('aa:bb'),
  h => h.sshKeys.get(1),
  h => h.sshKeys.create({ name: 'a', public_key: 'ssh-ed25519 AAAA', labels }),
  h => h.sshKeys.update(1, { labels }),
  h => h.sshKeys.delete(1),
  h => h.images.list({ ...list, type: 'snapshot', status: 'available', architecture: 'arm', boundTo: 1 }),
  h => h.images.list({ includeDeprecated: true }),
  h => h.images.get(1),
  h => h.images.update(1, { description: 'd' }),
  h => h.images.delete(1),
  h => h.images.changeProtection(1, { delete: true }),
  h => h.serverTypes.list({ name: 'cx23' }),
  h => h.serverTypes.get(1),
  h => h.locations.list({ name: 'nbg1' }),
  h => h.locations.get(1),
  h => h.pricing.get(),
  h => h.actions.get([1, 2]),
]

describe('the official description of the API', () => {
  it('knows every call of the client, its parameters and its body', async () => {
    const api = await scripted([(response, seen) => response.end(JSON.stringify(anything(seen.url)))])
    for (const call of calls) await call(api.hetzner)
    assert.equal(api.seen.length, calls.length)
    for (const { method, url, body } of api.seen) {
      const { pathname, searchParams } = new URL(url, 'http://x')
      const path = pathname.replace(/^\/v1/, '').replace(/\/\d+(?=\/|$)/, '/{id}')
      const operation = spec.paths[path]?.[method.toLowerCase()]
      assert(operation && !operation.deprecated, `${method} ${path} is unknown or deprecated`)
      const known = (operation.parameters ?? []).filter(each => each.in === 'query').map(each => each.name)
      for (const name of searchParams.keys()) assert(known.includes(name), `${method} ${path}?${name}`)
      checkBody(`${method} ${path}`, operation, body)
    }
  })
})

function checkBody(name: string, operation: Operation, body: string): void {
  const schema = operation.requestBody?.content['application/json'].schema
  if (body === '') return
  assert(schema, `${name} takes no body`)
  const sent = JSON.parse(body) as object
  for (const key of Object.keys(sent)) {
    assert(schema.properties && key in schema.properties, `${name}: ${key}`)
  }
  const required = schema.required?.filter(key => !optionalNow.has(`${name} ${key}`)) ?? []
  assert(ajv.validate({ ...schema, required }, sent), `${name}: ${ajv.errorsText()}`)
}

/** An answer that holds something under every key that any call looks for. */
function anything(url: string): object {
  const [, , plural = ''] = new URL(url, 'http://x').pathname.split('/')
  const one = { id: 1 }
  const each = { server: one, volume: one, primary_ip: one, firewall: one, ssh_key: one, image: one }
  const others = { server_type: one, location: one, pricing: one, action: action(1) }
  return { ...each, [plural]: [], ...others, actions: [action(1), action(2)] }
}

import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import type { Hetzner } from '../../src/hetzner/index.ts'
import { action, failure, page, scripted } from './scripted-server.ts'

describe('lists', () => {
  it('fetches every page, fifty at a time', async () => {
    const api = await scripted([
      page('volumes', [{ id: 1 }], 2),
      page('volumes', [{ id: 2 }], 3),
      page('volumes', [{ id: 3 }]),
    ])
    const found = await api.hetzner.volumes.list({ labelSelector: 'cosmos.dev/cluster=demo' })
    assert.deepEqual(
      found.map(each => each.id),
      [1, 2, 3],
    )
    assert.deepEqual(
      api.seen.map(each => each.url),
      [1, 2, 3].map(n => `/v1/volumes?label_selector=cosmos.dev%2Fcluster%3Ddemo&page=${n}&per_page=50`),
    )
  })

  it('repeats the key of a filter with many values and leaves undefined out', async () => {
    const api = await scripted([page('images', [])])
    await api.hetzner.images.list({
      type: ['snapshot', 'backup'],
      name: undefined,
      includeDeprecated: true,
      boundTo: 4,
    })
    assert.equal(
      api.seen[0]?.url,
      '/v1/images?type=snapshot&type=backup&include_deprecated=true&bound_to=4&page=1&per_page=50',
    )
  })

  it('does without a meta, and does not follow a page that leads back', async () => {
    const api = await scripted([{ json: { locations: [{ id: 1 }] } }, page('locations', [{ id: 2 }], 1)])
    assert.equal((await api.hetzner.locations.list()).length, 1)
    assert.equal((await api.hetzner.locations.list()).length, 1)
  })
})

describe('single resources', () => {
  it('gives undefined for what is not there', async () => {
    const api = await scripted([failure(404, 'not_found', "server with ID '9' not found")])
    assert.equal(await api.hetzner.servers.get(9), undefined)
    assert.equal(await api.hetzner.firewalls.get(9), undefined)
  })

  it('deletes what is gone already', async () => {
    const api = await scripted([failure(404, 'not_found')])
    await api.hetzner.volumes.delete(9)
    assert.equal(await api.hetzner.servers.delete(9), undefined)
  })

  it('gives the action of a deleted server', async () => {
    const api = await scripted([{ json: { action: action(5) } }])
    assert.equal((await api.hetzner.servers.delete(9))?.id, 5)
  })

  it('gathers the actions of a create, and drops the root password', async () => {
    const json = {
      server: { id: 1 },
      action: action(1),
      next_actions: [action(2), action(3)],
      root_password: 'gehe1m',
    }
    const api = await scripted([{ status: 201, json }])
    const made = await api.hetzner.servers.create({ name: 'a', server_type: 'cx23', image: 'ubuntu-24.04' })
    assert.deepEqual(
      made.actions.map(each => each.id),
      [1, 2, 3],
    )
    assert(!inspect(made).includes('gehe1m'))
  })

  it('gives no actions where the API says null', async () => {
    const api = await scripted([{ status: 201, json: { primary_ip: { id: 1 }, action: null } }])
    assert.deepEqual(
      (await api.hetzner.primaryIps.create({ name: 'a', type: 'ipv4', location: 'nbg1' })).actions,
      [],
    )
  })

  it('finds an SSH key by its fingerprint, whatever its comment', async () => {
    const api = await scripted([page('ssh_keys', [{ id: 3 }])])
    const key = 'ssh-ed25519 AAAAC3NzaC1lZDI1NTE5AAAAIKHEChAjvUnBbMSLPnXlZ/hZ1cGuYTPTSpEg4xC1kVwM'
    const found = await api.hetzner.sshKeys.findByPublicKey(`${key} me@here\n`)
    assert.equal(found?.id, 3)
    assert.match(api.seen[0]?.url ?? '', /^\/v1\/ssh_keys\?fingerprint=([0-9a-f]{2}%3A){15}[0-9a-f]{2}&/)
  })
})

describe('actions of resources', () => {
  type Row = [string, unknown, (hetzner: Hetzner) => Promise<unknown>]
  const rows: Row[] = [
    ['/servers/1/actions/poweron', undefined, h => h.servers.powerOn(1)],
    ['/servers/1/actions/poweroff', undefined, h => h.servers.powerOff(1)],
    ['/servers/1/actions/shutdown', undefined, h => h.servers.shutdown(1)],
    ['/servers/1/actions/reboot', undefined, h => h.servers.reboot(1)],
    ['/servers/1/actions/reset', undefined, h => h.servers.reset(1)],
    [
      '/servers/1/actions/rebuild',
      { image: 'x', user_data: 'y' },
      h => h.servers.rebuild(1, { image: 'x', user_data: 'y' }),
    ],
    [
      '/servers/1/actions/change_type',
      { server_type: 'cx33', upgrade_disk: false },
      h => h.servers.changeType(1, { server_type: 'cx33', upgrade_disk: false }),
    ],
    [
      '/servers/1/actions/change_protection',
      { delete: true, rebuild: true },
      h => h.servers.changeProtection(1, { delete: true, rebuild: true }),
    ],
    [
      '/servers/1/actions/create_image',
      { description: 'd' },
      h => h.servers.createImage(1, { description: 'd' }),
    ],
    [
      '/servers/1/actions/enable_rescue',
      { type: 'linux64', ssh_keys: [2] },
      h => h.servers.enableRescue(1, [2]),
    ],
    ['/servers/1/actions/disable_rescue', undefined, h => h.servers.disableRescue(1)],
    [
      '/servers/1/actions/change_dns_ptr',
      { ip: '1.2.3.4', dns_ptr: null },
      h => h.servers.changeDnsPtr(1, '1.2.3.4', null),
    ],
    [
      '/volumes/1/actions/attach',
      { server: 2, automount: false },
      h => h.volumes.attach(1, { server: 2, automount: false }),
    ],
    ['/volumes/1/actions/detach', undefined, h => h.volumes.detach(1)],
    ['/volumes/1/actions/resize', { size: 20 }, h => h.volumes.resize(1, 20)],
    [
      '/volumes/1/actions/change_protection',
      { delete: true },
      h => h.volumes.changeProtection(1, { delete: true }),
    ],
    [
      '/primary_ips/1/actions/assign',
      { assignee_type: 'server', assignee_id: 2 },
      h => h.primaryIps.assign(1, 2),
    ],
    ['/primary_ips/1/actions/unassign', undefined, h => h.primaryIps.unassign(1)],
    [
      '/primary_ips/1/actions/change_dns_ptr',
      { ip: '::1', dns_ptr: 'a.b' },
      h => h.primaryIps.changeDnsPtr(1, '::1', 'a.b'),
    ],
    [
      '/primary_ips/1/actions/change_protection',
      { delete: false },
      h => h.primaryIps.changeProtection(1, { delete: false }),
    ],
    ['/firewalls/1/actions/set_rules', { rules: [] }, h => h.firewalls.setRules(1, [])],
    ['/firewalls/1/actions/apply_to_resources', { apply_to: [] }, h => h.firewalls.applyToResources(1, [])],
    [
      '/firewalls/1/actions/remove_from_resources',
      { remove_from: [] },
      h => h.firewalls.removeFromResources(1, []),
    ],
    [
      '/images/1/actions/change_protection',
      { delete: true },
      h => h.images.changeProtection(1, { delete: true }),
    ],
  ]
  for (const [path, body, run] of rows) {
    it(`posts to ${path}`, async () => {
      const json = path.startsWith('/firewalls')
        ? { actions: [action(1)] }
        : { action: action(1), image: { id: 3 } }
      const api = await scripted([{ status: 201, json }])
      await run(api.hetzner)
      const [sent] = api.seen
      assert.equal(`${sent?.method} ${sent?.url}`, `POST /v1${path}`)
      assert.deepEqual(sent?.body === '' ? undefined : JSON.parse(sent?.body ?? ''), body)
    })
  }
})

describe('being told of calls', () => {
  it('notes every exchange with its status and attempt, and nothing else', async () => {
    const notes: unknown[] = []
    const api = await scripted([failure(503, 'unavailable'), page('servers', [])], {
      now: () => 0,
      onCall: call => notes.push(call),
    })
    await api.hetzner.servers.list({ name: 'a' })
    assert.deepEqual(notes, [
      { method: 'GET', path: '/servers', status: 503, attempt: 1, durationMs: 0 },
      { method: 'GET', path: '/servers', status: 200, attempt: 2, durationMs: 0 },
    ])
  })
})

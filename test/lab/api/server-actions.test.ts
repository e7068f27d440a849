import { deepEqual, equal, match } from 'node:assert/strict'
import { madeServer, offServer, outcome } from './fixtures.ts'
import { type Body, endAll, type TestLab, testLab } from './lab.ts'

describe('lab: actions on servers', () => {
  let lab: TestLab
  beforeEach(async () => {
    lab = await testLab()
  })
  afterEach(endAll)

  const act = (server: Body, action: string, body?: unknown) =>
    outcome(lab, 'POST', `/servers/${server.id}/actions/${action}`, body)
  const now = async (server: Body) => (await lab.get(`/servers/${server.id}`)).server

  const types: [string, Body, string][] = [
    ['another architecture', { server_type: 'cax21', upgrade_disk: false }, '422 invalid_server_type'],
    ['a smaller disk', { server_type: 'cx23', upgrade_disk: false }, '422 invalid_server_type'],
    ['an unknown type', { server_type: 'cx99', upgrade_disk: false }, '422 invalid_input'],
    ['no word about the disk', { server_type: 'cx43' }, '422 invalid_input'],
  ]
  for (const [what, body, wanted] of types) {
    it(`refuse to change the type to ${what}`, async () => {
      equal(await act(await offServer(lab, { server_type: 'cx33' }), 'change_type', body), wanted)
    })
  }

  it('change the type, keep the disk or let it grow, and start the server', async () => {
    const server = await offServer(lab)
    equal(await act(server, 'change_type', { server_type: 115, upgrade_disk: false }), '201')
    equal((await now(server)).status, 'migrating')
    await lab.settle()
    const changed = await now(server)
    deepEqual([changed.server_type.name, changed.primary_disk_size, changed.status], ['cx33', 40, 'running'])
    await act(server, 'poweroff')
    await lab.settle()
    equal(await act(server, 'change_type', { server_type: 'cx43', upgrade_disk: true }), '201')
    await lab.settle()
    equal((await now(server)).primary_disk_size, 160)
  })

  it('notice that the wanted type is sold out', async () => {
    const server = await offServer(lab)
    await lab.post('/_lab/stock', { type: 'cx33', location: 'fsn1', available: false })
    equal(
      await act(server, 'change_type', { server_type: 'cx33', upgrade_disk: false }),
      '412 resource_unavailable',
    )
  })

  it('protect delete and rebuild together', async () => {
    const server = await offServer(lab)
    equal(await act(server, 'change_protection', { delete: true, rebuild: false }), '422 invalid_input')
    equal(await act(server, 'change_protection', { delete: true }), '422 invalid_input')
    equal(await act(server, 'change_protection', { delete: true, rebuild: true }), '201')
    equal(await outcome(lab, 'DELETE', `/servers/${server.id}`), '423 protected')
    equal(await act(server, 'rebuild', { image: 'debian-13' }), '423 protected')
  })

  it('need a server that runs, or one that is off', async () => {
    const off = await offServer(lab)
    for (const action of ['shutdown', 'reboot', 'reset', 'reset_password'])
      equal(await act(off, action), '422 service_error')
    equal(await act(off, 'poweroff'), '201')
    const on = await madeServer(lab)
    equal(await act(on, 'poweron'), '201')
    equal(await act(on, 'add_to_placement_group', { placement_group: 1 }), '422 server_not_stopped')
    equal(await act(off, 'add_to_placement_group', { placement_group: 1 }), '404 not_found')
    equal(await act(off, 'attach_to_network', { network: 1 }), '404 not_found')
  })

  it('see a guest that turns itself off, and one that does not react', async () => {
    const server = await madeServer(lab)
    equal(await act(server, 'shutdown'), '201')
    await lab.settle()
    equal((await now(server)).status, 'running')
    lab.machines.guestPowersOff(server.id)
    equal((await now(server)).status, 'off')
  })

  it('rebuild with new user data within the limit', async () => {
    const server = await madeServer(lab)
    equal(
      await act(server, 'rebuild', { image: 'debian-13', user_data: 'x'.repeat(32_769) }),
      '422 invalid_input',
    )
    const { action, root_password } = await lab.post(`/servers/${server.id}/actions/rebuild`, {
      image: 'debian-13',
      user_data: '#cloud-config',
    })
    equal(action.command, 'rebuild_server')
    match(root_password, /^\w{20}$/)
    equal((await now(server)).status, 'rebuilding')
    await lab.settle()
    const rebuilt = await now(server)
    deepEqual([rebuilt.status, rebuilt.image.name, rebuilt.id], ['running', 'debian-13', server.id])
    equal(lab.machines.calls.includes(`rebuild ${server.id} debian-13 #cloud-config`), true)
  })

  it('give rescue, console and password with an action each', async () => {
    const server = await madeServer(lab)
    match(
      (await lab.post(`/servers/${server.id}/actions/enable_rescue`, { type: 'linux64', ssh_keys: null }))
        .root_password,
      /^\w+$/,
    )
    await lab.settle()
    equal((await now(server)).rescue_enabled, true)
    match((await lab.post(`/servers/${server.id}/actions/request_console`)).wss_url, /^wss:/)
    await lab.settle()
    match((await lab.post(`/servers/${server.id}/actions/reset_password`)).root_password, /^\w+$/)
  })

  it('are listed per server, per kind and by id, also the old way', async () => {
    const server = await madeServer(lab)
    await act(server, 'poweroff')
    await lab.settle()
    const { actions, meta } = await lab.get(`/servers/${server.id}/actions?sort=command&status=success`)
    deepEqual(
      actions.map((one: Body) => one.command),
      ['create_server', 'start_server', 'stop_server'],
    )
    equal(meta.pagination.total_entries, 3)
    const { id } = actions[0]
    for (const path of [`/actions/${id}`, `/servers/actions/${id}`, `/servers/${server.id}/actions/${id}`])
      equal((await lab.get(path)).action.id, id)
    equal((await lab.get('/servers/actions?status=running')).actions.length, 0)
    equal((await lab.get(`/actions?id=${id}&id=999&page=1&sort=status&sort=id`)).actions.length, 1)
    equal(await outcome(lab, 'GET', `/volumes/actions/${id}`), '404 not_found')
    const running = (await lab.post(`/servers/${server.id}/actions/poweron`)).action
    await lab.clock.step(1000)
    const half = (await lab.get(`/actions/${running.id}`)).action
    equal(half.status === 'running' && half.progress > 0 && half.progress < 100, true)
    equal(half.finished, null)
  })

  it('take up where they were when the lab is stopped in the middle', async () => {
    const first = await testLab({ dir: `${lab.dir}/inner` })
    const made = await first.post('/servers', {
      name: 's',
      server_type: 'cx23',
      image: 'debian-13',
      user_data: 'secret',
    })
    await first.clock.step(1000)
    await first.end()
    const second = await testLab({ dir: `${lab.dir}/inner`, port: 0 })
    equal((await second.get(`/servers/${made.server.id}`)).server.locked, true)
    await second.settle()
    equal((await second.get(`/servers/${made.server.id}`)).server.status, 'running')
    equal(second.machines.specOf(made.server.id)?.userData, 'secret')
    equal(JSON.stringify(second.cloud.store.all('actions')).includes('secret'), false)
    await second.end()
  })

  it('are exactly the same again with the same seed', async () => {
    const durations = async (seed: number) => {
      const run = await testLab({ seed })
      for (const name of ['a', 'b'])
        await run.post('/servers', { name, server_type: 'cx23', image: 'debian-13' })
      const all = run.cloud.store.all('actions').map(({ durationMs }) => durationMs)
      await run.settle()
      await run.end()
      return all
    }
    deepEqual(await durations(7), await durations(7))
    equal((await durations(7)).join() === (await durations(8)).join(), false)
  })
})

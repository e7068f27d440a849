import { deepEqual, equal, match, rejects } from 'node:assert/strict'
import { machineFaults } from '../../src/lab/faults/index.ts'
import { freshPublicKey, madeServer, outcome } from './api/fixtures.ts'
import { type TestLab, testLab } from './api/lab.ts'

describe('lab: faults on purpose', () => {
  let lab: TestLab
  beforeEach(async () => {
    lab = await testLab()
  })
  afterEach(() => lab.end())

  const add = (fault: Record<string, unknown>) => lab.post('/_lab/faults', fault)
  const key = (name: string) => ({ name, public_key: freshPublicKey() })

  it('let the third call of a kind fail with a code, once', async () => {
    await add({ kind: 'api', on: 'POST /ssh_keys', code: 'conflict', skip: 2 })
    const seen = []
    for (const name of ['a', 'b', 'c', 'd']) seen.push(await outcome(lab, 'POST', '/ssh_keys', key(name)))
    deepEqual(seen, ['201', '201', '409 conflict', '201'])
    const [fault] = (await lab.get('/_lab/faults')).faults
    deepEqual([fault.seen, fault.struck], [3, 1])
  })

  it('concern one path of many, with a wildcard for the id', async () => {
    await add({ kind: 'api', on: 'POST /servers/{id}/actions/poweroff', code: 'locked', times: null })
    const server = await madeServer(lab)
    equal(await outcome(lab, 'POST', `/servers/${server.id}/actions/poweroff`), '423 locked')
    equal(await outcome(lab, 'POST', `/servers/${server.id}/actions/reset`), '201')
    equal(await outcome(lab, 'DELETE', '/_lab/faults'), '200')
    await lab.settle()
    equal(await outcome(lab, 'POST', `/servers/${server.id}/actions/poweroff`), '201')
  })

  it('do the work and lose the answer', async () => {
    await add({ kind: 'api', on: 'POST /ssh_keys', mode: 'lost' })
    await rejects(lab.ask('POST', '/ssh_keys', key('lost')))
    equal((await lab.get('/ssh_keys')).ssh_keys[0].name, 'lost')
  })

  it('cut the connection before the work', async () => {
    await add({ kind: 'api', on: 'POST /ssh_keys', mode: 'cut' })
    await rejects(lab.ask('POST', '/ssh_keys', key('cut')))
    deepEqual((await lab.get('/ssh_keys')).ssh_keys, [])
  })

  it('answer with something that is no JSON', async () => {
    await add({ kind: 'api', on: 'GET /locations', mode: 'garbage' })
    await rejects(lab.ask('GET', '/locations'), SyntaxError)
  })

  it('never answer', async () => {
    await add({ kind: 'api', on: 'GET /locations', mode: 'hang' })
    const asked = fetch(`${lab.info.endpoint}/locations`, {
      headers: { Authorization: `Bearer ${lab.info.token}` },
      signal: AbortSignal.timeout(150),
    })
    await rejects(asked, { name: 'TimeoutError' })
  })

  it('end an action in error, and the server of a failed create is gone with its addresses', async () => {
    await add({ kind: 'action', on: 'create_server', code: 'resource_unavailable', message: 'no capacity' })
    const body = { name: 's', server_type: 'cx23', image: 'debian-12', location: 'fsn1' }
    const made = await lab.post('/servers', body)
    await lab.settle()
    const { action } = await lab.get(`/actions/${made.action.id}`)
    deepEqual(
      [action.status, action.error],
      ['error', { code: 'resource_unavailable', message: 'no capacity' }],
    )
    const next = await lab.get(`/actions/${made.next_actions[0].id}`)
    equal(next.action.status, 'error')
    equal(await outcome(lab, 'GET', `/servers/${made.server.id}`), '404 not_found')
    deepEqual((await lab.get('/primary_ips')).primary_ips, [])
  })

  it('make actions slow', async () => {
    await add({ kind: 'slow', on: 'create_volume', factor: 100 })
    const { action } = await lab.post('/volumes', { name: 'v', size: 10, location: 'fsn1' })
    await lab.clock.step(50_000)
    equal((await lab.get(`/actions/${action.id}`)).action.status, 'running')
    await lab.clock.step(300_000)
    equal((await lab.get(`/actions/${action.id}`)).action.status, 'success')
  })

  it('reach the machine that they name, by name or id', async () => {
    const server = await madeServer(lab, { name: 'shaky' })
    await add({ kind: 'ssh', on: 'shaky', mode: 'drop' })
    await add({ kind: 'boot', on: String(server.id) })
    const faults = machineFaults(lab.cloud.faults, lab.cloud.store)
    equal(faults.ssh(server.id + 1), undefined)
    equal(faults.ssh(server.id), 'drop')
    equal(faults.ssh(server.id), undefined)
    equal(faults.boot(server.id), 'hang')
  })

  it('are refused when they make no sense', async () => {
    for (const body of [
      {},
      { kind: 'nonsense' },
      { kind: 'api', skip: -1 },
      { kind: 'api', mode: 'sideways' },
      { kind: 'ssh', mode: 'lost' },
      { kind: 'api', code: 7 },
    ])
      equal(await outcome(lab, 'POST', '/_lab/faults', body), '422 invalid_input')
    match(await outcome(lab, 'DELETE', '/_lab/faults/99'), /404/)
  })
})

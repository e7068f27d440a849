import { deepEqual, equal } from 'node:assert/strict'
import { madeServer, madeVolume, offServer, outcome } from './fixtures.ts'
import { type TestLab, testLab } from './lab.ts'

describe('lab: volumes', () => {
  let lab: TestLab
  before(async () => {
    lab = await testLab({ limits: { servers: 20, volumes: 60, primary_ips: 40 } })
  })
  after(() => lab.end())

  const refusals: [string, Record<string, unknown>, string][] = [
    ['9 GB', { size: 9 }, '422 invalid_input'],
    ['10241 GB', { size: 10_241 }, '422 invalid_input'],
    ['a broken size', { size: 10.5 }, '422 invalid_input'],
    ['another file system', { format: 'btrfs' }, '422 invalid_input'],
    ['no place', { location: undefined }, '422 invalid_input'],
    ['an unknown place', { location: 'fsn1-dc14' }, '422 invalid_input'],
    ['a name with a space', { name: 'a b' }, '422 invalid_input'],
    ['a name of 65 characters', { name: 'n'.repeat(65) }, '422 invalid_input'],
    ['a name that ends with a dash', { name: 'n-' }, '422 invalid_input'],
    ['a place and a server', { server: 42 }, '422 invalid_input'],
    ['automount without a server', { automount: true }, '422 invalid_input'],
    ['an unknown server', { server: 42, location: undefined }, '404 not_found'],
  ]
  for (const [what, change, wanted] of refusals) {
    it(`refuses ${what}`, async () => {
      const body = { name: 'refused', size: 10, location: 'fsn1', ...change }
      equal(await outcome(lab, 'POST', '/volumes', body), wanted)
    })
  }

  it('has unique names, also over a rename', async () => {
    const one = await madeVolume(lab, { name: 'one' })
    const two = await madeVolume(lab, { name: 'two' })
    equal(
      await outcome(lab, 'POST', '/volumes', { name: 'one', size: 10, location: 'hel1' }),
      '409 uniqueness_error',
    )
    equal(await outcome(lab, 'PUT', `/volumes/${two.id}`, { name: 'one' }), '409 uniqueness_error')
    equal(await outcome(lab, 'PUT', `/volumes/${one.id}`, { name: 'one', labels: { a: 'b' } }), '200')
  })

  it('is creating, and locked, until its action ends', async () => {
    const { volume, action } = await lab.post('/volumes', {
      name: 'slow',
      size: 10,
      location: 'fsn1',
      format: 'xfs',
    })
    deepEqual([volume.status, volume.format, action.command], ['creating', 'xfs', 'create_volume'])
    equal(await outcome(lab, 'DELETE', `/volumes/${volume.id}`), '423 locked')
    await lab.settle()
    equal((await lab.get(`/volumes/${volume.id}`)).volume.status, 'available')
    equal(await outcome(lab, 'DELETE', `/volumes/${volume.id}`), '204')
  })

  it('is made for a server in one go', async () => {
    const server = await madeServer(lab)
    const made = await lab.post('/volumes', {
      name: 'straight',
      size: 10,
      server: server.id,
      automount: true,
    })
    deepEqual(
      made.next_actions.map(({ command }: { command: string }) => command),
      ['attach_volume'],
    )
    equal(made.volume.server, null)
    await lab.settle()
    const { volume } = await lab.get(`/volumes/${made.volume.id}`)
    deepEqual([volume.server, volume.location.name], [server.id, 'fsn1'])
  })

  it('attaches hot, and locks server and volume meanwhile', async () => {
    const server = await madeServer(lab)
    const [volume, other] = [await madeVolume(lab), await madeVolume(lab)]
    const { action } = await lab.post(`/volumes/${volume.id}/actions/attach`, { server: server.id })
    deepEqual(action.resources, [
      { id: server.id, type: 'server' },
      { id: volume.id, type: 'volume' },
    ])
    equal((await lab.get(`/servers/${server.id}`)).server.locked, true)
    equal(
      await outcome(lab, 'POST', `/volumes/${other.id}/actions/attach`, { server: server.id }),
      '423 locked',
    )
    equal(await outcome(lab, 'POST', `/volumes/${volume.id}/actions/detach`), '423 locked')
    equal(await outcome(lab, 'POST', `/servers/${server.id}/actions/poweroff`), '423 locked')
    await lab.settle()
    deepEqual((await lab.get(`/servers/${server.id}`)).server.volumes, [volume.id])
    const elsewhere = await offServer(lab)
    const again = { server: elsewhere.id }
    equal(
      await outcome(lab, 'POST', `/volumes/${volume.id}/actions/attach`, again),
      '422 volume_already_attached',
    )
    equal(await outcome(lab, 'DELETE', `/volumes/${volume.id}`), '422 service_error')
    equal(await outcome(lab, 'POST', `/volumes/${volume.id}/actions/detach`, {}), '201')
    await lab.settle()
    deepEqual((await lab.get(`/servers/${server.id}`)).server.volumes, [])
    equal(await outcome(lab, 'POST', `/volumes/${volume.id}/actions/detach`), '422 service_error')
  })

  it('stays in its location', async () => {
    const server = await offServer(lab)
    const far = await madeVolume(lab, { location: 'hel1' })
    const attach = `/volumes/${far.id}/actions/attach`
    equal(await outcome(lab, 'POST', attach, { server: server.id }), '422 invalid_input')
    const body = { name: 'far', server_type: 'cx23', image: 'debian-13', location: 'fsn1', volumes: [far.id] }
    equal(await outcome(lab, 'POST', '/servers', body), '422 invalid_input')
  })

  it('is one of at most 16', async () => {
    const server = await offServer(lab)
    for (let n = 0; n < 16; n++) {
      const volume = await madeVolume(lab)
      await lab.post(`/volumes/${volume.id}/actions/attach`, { server: server.id })
      await lab.settle()
    }
    const more = await madeVolume(lab)
    equal(
      await outcome(lab, 'POST', `/volumes/${more.id}/actions/attach`, { server: server.id }),
      '422 limit_exceeded_error',
    )
  })

  it('grows, and never shrinks', async () => {
    const volume = await madeVolume(lab, { size: 20 })
    for (const size of [10, 20, 10_241])
      equal(await outcome(lab, 'POST', `/volumes/${volume.id}/actions/resize`, { size }), '422 invalid_input')
    equal(await outcome(lab, 'POST', `/volumes/${volume.id}/actions/resize`, { size: 21 }), '201')
    await lab.settle()
    equal((await lab.get(`/volumes/${volume.id}`)).volume.size, 21)
  })

  it('is not deleted while protected', async () => {
    const volume = await madeVolume(lab)
    await lab.post(`/volumes/${volume.id}/actions/change_protection`, { delete: true })
    equal(await outcome(lab, 'DELETE', `/volumes/${volume.id}`), '423 protected')
    await lab.post(`/volumes/${volume.id}/actions/change_protection`, { delete: false })
    equal(await outcome(lab, 'DELETE', `/volumes/${volume.id}`), '204')
    equal(await outcome(lab, 'GET', `/volumes/${volume.id}`), '404 not_found')
  })

  it('runs into the limit of the project', async () => {
    lab.cloud.settings.setLimit('volumes', lab.cloud.store.count('volumes'))
    equal(
      await outcome(lab, 'POST', '/volumes', { name: 'much', size: 10, location: 'fsn1' }),
      '403 resource_limit_exceeded',
    )
  })
})

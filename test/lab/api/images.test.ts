import { deepEqual, equal } from 'node:assert/strict'
import { madeServer, offServer, outcome } from './fixtures.ts'
import { type Body, type TestLab, testLab } from './lab.ts'

describe('lab: images', () => {
  let lab: TestLab
  beforeEach(async () => {
    lab = await testLab()
  })
  afterEach(() => lab.end())

  async function snapshotOf(server: Body, body: object = {}): Promise<Body> {
    const { image } = await lab.post(`/servers/${server.id}/actions/create_image`, body)
    await lab.settle()
    return (await lab.get(`/images/${image.id}`)).image
  }

  it('of the system are found as hcloud-go looks for them', async () => {
    const { images } = await lab.get('/images?name=ubuntu-24.04&architecture=arm&include_deprecated=true')
    deepEqual(
      images.map((image: Body) => image.id),
      [161_547_270],
    )
    equal((await lab.get('/images?type=snapshot')).images.length, 0)
    equal((await lab.get('/images?type=system&architecture=x86')).images.length, 5)
  })

  it('of the system cannot be changed', async () => {
    equal(await outcome(lab, 'DELETE', '/images/161547269'), '403 forbidden')
    equal(await outcome(lab, 'PUT', '/images/161547269', { description: 'mine' }), '403 forbidden')
  })

  it('taken of a server are creating, then available, and start others', async () => {
    const server = await madeServer(lab)
    const { image, action } = await lab.post(`/servers/${server.id}/actions/create_image`, {
      description: 'd',
      labels: { a: 'b' },
    })
    deepEqual(
      [image.status, image.name, image.image_size, image.created_from.id],
      ['creating', null, null, server.id],
    )
    deepEqual(
      action.resources.map((one: Body) => one.type),
      ['server', 'image'],
    )
    const order = { name: 'copy', server_type: 'cx23', image: image.id, location: 'fsn1' }
    equal(await outcome(lab, 'POST', '/servers', order), '422 invalid_input')
    await lab.settle()
    equal(await outcome(lab, 'POST', '/servers', { ...order, server_type: 'cax11' }), '422 invalid_input')
    const made = await lab.post('/servers', order)
    await lab.settle()
    equal(lab.machines.specOf(made.server.id)?.snapshot, `disk-of-${server.id}`)
    equal((await lab.get(`/servers/${made.server.id}`)).server.image.id, image.id)
  })

  it('do not fit on a smaller disk', async () => {
    const image = await snapshotOf(await offServer(lab, { server_type: 'cx33' }))
    const order = { name: 'small', server_type: 'cx23', image: image.id, location: 'fsn1' }
    equal(await outcome(lab, 'POST', '/servers', order), '422 invalid_input')
  })

  it('are changed, protected and deleted', async () => {
    const image = await snapshotOf(await offServer(lab))
    const changed = await lab.ask('PUT', `/images/${image.id}`, { description: 'new', labels: { k: 'v' } })
    deepEqual([changed.body.image.description, changed.body.image.labels], ['new', { k: 'v' }])
    equal((await lab.get('/images?label_selector=k%3Dv')).images.length, 1)
    await lab.post(`/images/${image.id}/actions/change_protection`, { delete: true })
    equal(await outcome(lab, 'DELETE', `/images/${image.id}`), '423 protected')
    await lab.post(`/images/${image.id}/actions/change_protection`, { delete: false })
    equal(await outcome(lab, 'DELETE', `/images/${image.id}`), '204')
    equal(lab.machines.calls.at(-1)?.startsWith('deleteSnapshot'), true)
  })

  it('as backups need backups turned on, and go with their server', async () => {
    const server = await offServer(lab)
    const path = `/servers/${server.id}/actions`
    equal(await outcome(lab, 'POST', `${path}/create_image`, { type: 'backup' }), '422 service_error')
    await lab.post(`${path}/enable_backup`)
    await lab.settle()
    equal((await lab.get(`/servers/${server.id}`)).server.backup_window, '22-02')
    const backup = await snapshotOf(server, { type: 'backup' })
    equal(backup.bound_to, server.id)
    equal((await lab.get(`/images?bound_to=${server.id}`)).images.length, 1)
    await lab.ask('DELETE', `/servers/${server.id}`)
    await lab.settle()
    equal(await outcome(lab, 'GET', `/images/${backup.id}`), '404 not_found')
  })
})

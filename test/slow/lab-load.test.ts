import { equal, ok } from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { type Body, endAll, testLab } from '../lab/api/lab.ts'

const limits = { volumes: 20_000, servers: 1_000, primary_ips: 5_000, requests_per_hour: 1_000_000 }

describe('lab: much at once', function () {
  this.timeout(60_000)
  let dir: string
  afterEach(endAll)
  before(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-load-'))
  })
  after(() => rm(dir, { recursive: true, force: true }))

  it('holds ten thousand resources, lists them all, and has them after a restart', async () => {
    const lab = await testLab({ dir, limits })
    const { store, clock } = lab.cloud
    for (let n = 0; n < 10_000; n++)
      store.put('volumes', {
        id: store.nextId('volumes'),
        name: `v${n}`,
        createdAt: clock.now(),
        server: null,
        location: 'fsn1',
        sizeGb: 10,
        status: 'available',
        format: null,
        labels: { n: String(n % 100) },
        protection: { delete: false },
      })
    const began = performance.now()
    let seen = 0
    for (let page: number | null = 1; page !== null; ) {
      const { volumes, meta }: Body = await lab.get(`/volumes?per_page=50&sort=name&page=${page}`)
      seen += volumes.length
      page = meta.pagination.next_page
    }
    equal(seen, 10_000)
    equal((await lab.get('/volumes?label_selector=n%3D7')).meta.pagination.total_entries, 100)
    ok(performance.now() - began < 30_000)
    await lab.end()
    const again = await testLab({ dir, limits, port: 0 })
    equal((await again.get('/volumes')).meta.pagination.total_entries, 10_000)
    await again.end()
  })

  it('gives 200 clients at the same moment a server and an address each, and no name twice', async () => {
    const lab = await testLab({ limits })
    const order = (name: string) => ({ name, server_type: 'cx23', image: 'debian-13', location: 'fsn1' })
    const replies = await Promise.all(
      Array.from({ length: 200 }, (_, n) => lab.ask('POST', '/servers', order(`s${n % 150}`))),
    )
    const made = replies.filter(({ status }) => status === 201).map(({ body }) => body.server)
    equal(made.length, 150)
    ok(replies.every(({ status }) => status === 201 || status === 409))
    equal(new Set(made.map(server => server.public_net.ipv4.ip)).size, 150)
    equal(new Set(made.map(server => server.public_net.ipv6.ip)).size, 150)
    equal(new Set(made.map(server => server.id)).size, 150)
    await lab.settle()
    const { meta } = await lab.get('/servers?status=running')
    equal(meta.pagination.total_entries, 150)
    await lab.end()
  })

  it('lets only one of many have a volume', async () => {
    const lab = await testLab({ limits })
    const { volume } = await lab.post('/volumes', { name: 'wanted', size: 10, location: 'fsn1' })
    await lab.settle()
    const order = (n: number) => ({
      name: `s${n}`,
      server_type: 'cx23',
      image: 'debian-13',
      location: 'fsn1',
      volumes: [volume.id],
    })
    const replies = await Promise.all(
      Array.from({ length: 20 }, (_, n) => lab.ask('POST', '/servers', order(n))),
    )
    equal(replies.filter(({ status }) => status === 201).length, 1)
    equal(replies.filter(({ body }) => body.error?.code === 'locked').length, 19)
    equal((await lab.get('/primary_ips')).meta.pagination.total_entries, 2)
    await lab.end()
  })
})

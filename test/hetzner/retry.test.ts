import assert from 'node:assert/strict'
import { InterruptedError } from '../../src/errors.ts'
import type { HetznerError } from '../../src/hetzner/index.ts'
import { action, failure, hang, page, type Reply, reset, scripted, text } from './scripted-server.ts'

const body = { name: 'one', server_type: 'cx23', image: 'ubuntu-24.04' }
const made: Reply = {
  status: 201,
  json: { server: { id: 42 }, action: action(1), next_actions: [action(2)] },
}
const fails = (apiCode: string, outcome?: string) => (error: HetznerError) =>
  error.apiCode === apiCode && (outcome === undefined || error.outcome === outcome)

describe('reading again after a failure', () => {
  const passing: [string, Reply][] = [
    ['500', failure(500, 'server_error')],
    ['502 without JSON', text('<html>bad gateway</html>', 502)],
    ['503', failure(503, 'unavailable')],
    ['504 without JSON', text('', 504)],
    ['429', failure(429, 'rate_limit_exceeded')],
    ['429 without JSON', text('slow down', 429)],
    ['a connection that breaks off', reset],
  ]
  for (const [name, reply] of passing) {
    it(`survives ${name}`, async () => {
      const api = await scripted([reply, reply, page('servers', [{ id: 1 }])])
      assert.deepEqual(await api.hetzner.servers.list(), [{ id: 1 }])
      assert.equal(api.seen.length, 3)
      assert.equal(api.retries.length, 2)
    })
  }

  it('survives a time-out', async () => {
    const api = await scripted([hang, page('servers', [])], { timeoutMs: 100 })
    assert.deepEqual(await api.hetzner.servers.list(), [])
    assert.equal(api.seen.length, 2)
  })

  it('gives up when it stays broken, and says why', async () => {
    const api = await scripted([failure(503, 'unavailable')])
    await assert.rejects(api.hetzner.servers.list(), fails('unavailable', 'not-done'))
    assert.deepEqual(api.waits, [500, 1000, 2000, 4000, 8000])
  })
})

describe('writing again after a failure', () => {
  for (const [status, code] of [
    [423, 'locked'],
    [409, 'conflict'],
    [429, 'rate_limit_exceeded'],
  ] as const) {
    it(`waits while ${code} says "not now"`, async () => {
      const api = await scripted([failure(status, code), failure(status, code), made])
      const { server } = await api.hetzner.servers.create(body)
      assert.equal(server.id, 42)
      assert.deepEqual(api.waits, [1000, 2000])
    })
  }

  it('waits two minutes for a lock at most', async () => {
    const api = await scripted([failure(423, 'locked')])
    await assert.rejects(api.hetzner.volumes.detach(1), fails('locked', 'not-done'))
    const waited = api.waits.reduce((sum, each) => sum + each, 0)
    assert(waited > 100_000 && waited <= 120_000, String(waited))
  })

  const lost: [string, Reply, string][] = [
    ['the connection broke off', reset, 'network_reset'],
    ['the time was up', hang, 'network_timeout'],
    ['502', text('', 502), 'bad_gateway'],
    ['504', failure(504, 'timeout'), 'timeout'],
    ['500', failure(500, 'server_error'), 'server_error'],
  ]
  for (const [name, reply, code] of lost) {
    it(`does not create twice: ${name}`, async () => {
      const api = await scripted([reply, made], { timeoutMs: 100 })
      await assert.rejects(api.hetzner.servers.create(body), fails(code, 'unknown'))
      assert.equal(api.seen.length, 1)
    })
  }

  const repeatable: [string, (api: Awaited<ReturnType<typeof scripted>>) => Promise<unknown>, Reply][] = [
    ['PUT', api => api.hetzner.servers.update(1, { labels: {} }), { json: { server: { id: 1 } } }],
    ['DELETE', api => api.hetzner.volumes.delete(1), { status: 204 }],
    [
      'set_rules',
      api => api.hetzner.firewalls.setRules(1, []),
      { status: 201, json: { actions: [action(1)] } },
    ],
    ['poweron', api => api.hetzner.servers.powerOn(1), { status: 201, json: { action: action(1) } }],
  ]
  for (const [name, run, success] of repeatable) {
    it(`sends ${name} again when its answer was lost`, async () => {
      const api = await scripted([reset, text('', 502), success])
      await run(api)
      assert.equal(api.seen.length, 3)
    })
  }

  for (const code of ['resource_in_use', 'must_be_unassigned']) {
    it(`gives a deleted server a few seconds to let go: ${code}`, async () => {
      const api = await scripted([failure(422, code), failure(422, code), { status: 204 }])
      await api.hetzner.firewalls.delete(1)
      assert.deepEqual(api.waits, [1000, 2000])
    })

    it(`does not wait long for what is really in use: ${code}`, async () => {
      const api = await scripted([failure(422, code)])
      await assert.rejects(api.hetzner.primaryIps.delete(1), fails(code, 'not-done'))
      assert.equal(
        api.waits.reduce((sum, each) => sum + each, 0),
        11_000,
      )
    })
  }

  it('takes "not found" as success when a DELETE is sent again', async () => {
    const api = await scripted([reset, failure(404, 'not_found')])
    assert.equal(await api.hetzner.servers.delete(1), undefined)
  })
})

describe('the budget of calls', () => {
  const left = (remaining: number): Reply => ({
    json: { locations: [], meta: { pagination: { next_page: null } } },
    headers: {
      'ratelimit-limit': '3600',
      'ratelimit-remaining': String(remaining),
      'ratelimit-reset': '9999999999',
    },
  })

  it('does not slow down while there is enough', async () => {
    const api = await scripted([left(10)], { now: () => 0 })
    for (let i = 0; i < 3; i++) await api.hetzner.locations.list()
    assert.deepEqual(api.waits, [])
  })

  it('goes at the pace of the refill when it is nearly used up, never until the reset', async () => {
    const api = await scripted([left(0)], { now: () => 0 })
    for (let i = 0; i < 3; i++) await api.hetzner.locations.list()
    assert.deepEqual(api.waits, [1000, 2000])
  })

  it('trusts the refill after a pause', async () => {
    let now = 0
    const api = await scripted([left(0)], { now: () => now })
    await api.hetzner.locations.list()
    now = 11_000
    await api.hetzner.locations.list()
    assert.deepEqual(api.waits, [])
  })
})

describe('aborting', () => {
  it('ends a call on its way', async () => {
    const abort = new AbortController()
    const api = await scripted([() => abort.abort()])
    await assert.rejects(api.hetzner.servers.list({}, abort.signal), InterruptedError)
    assert.equal(api.seen.length, 1)
  })

  it('ends the wait before another try, at once', async () => {
    const abort = new AbortController()
    const { sleep } = await import('../../src/hetzner/sleep.ts')
    const api = await scripted([failure(423, 'locked')], { sleep, onRetry: () => abort.abort() })
    const startedAt = performance.now()
    await assert.rejects(api.hetzner.volumes.detach(1, abort.signal), InterruptedError)
    assert(performance.now() - startedAt < 900)
    assert.equal(api.seen.length, 1)
  })

  it('sends nothing when it was aborted before', async () => {
    const api = await scripted([{}])
    await assert.rejects(api.hetzner.servers.list({}, AbortSignal.abort()), InterruptedError)
    assert.equal(api.seen.length, 0)
  })
})

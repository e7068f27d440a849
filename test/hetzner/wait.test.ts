import assert from 'node:assert/strict'
import { InterruptedError } from '../../src/errors.ts'
import { ApiActionError, type HetznerError, waitForActions } from '../../src/hetzner/index.ts'
import { action, failure, type Reply, scripted } from './scripted-server.ts'

const idsOf = (url: string) => new URL(url, 'http://x').searchParams.getAll('id').map(Number)
const now: Reply = (response, { url }) =>
  response.end(JSON.stringify({ actions: idsOf(url).map(id => action(id, 'success')) }))
const state = (...actions: unknown[]): Reply => ({ json: { actions } })

describe('waiting for actions', () => {
  it('asks nothing when all have ended already', async () => {
    const api = await scripted([now])
    await api.hetzner.actions.wait([action(1, 'success')])
    await api.hetzner.actions.wait([])
    assert.equal(api.seen.length, 0)
  })

  it('polls many in one request, and only those that still run', async () => {
    const api = await scripted([state(action(1, 'success'), action(2)), now])
    const progress: string[] = []
    const ended = await waitForActions(api.hetzner, [action(1), action(2), action(3, 'success')], {
      onProgress: (done, all) => progress.push(`${done}/${all}`),
    })
    assert.deepEqual(
      api.seen.map(each => idsOf(each.url)),
      [[1, 2], [2]],
    )
    assert.deepEqual(progress, ['1/3', '2/3', '3/3'])
    assert.deepEqual(
      ended.map(each => each.status),
      ['success', 'success', 'success'],
    )
  })

  it('asks for at most 25 in one request', async () => {
    const api = await scripted([now])
    await api.hetzner.actions.wait(Array.from({ length: 60 }, (_, index) => action(index + 1)))
    assert.deepEqual(
      api.seen.map(each => idsOf(each.url).length).sort((a, b) => b - a),
      [25, 25, 10],
    )
  })

  it('waits 500 ms first, and longer each time up to 2.5 s', async () => {
    const running = state(action(1))
    const api = await scripted([running, running, running, running, running, running, now])
    await api.hetzner.actions.wait([action(1)])
    assert.deepEqual(api.waits, [500, 750, 1125, 1687.5, 2500, 2500, 2500])
  })

  it('takes its first interval from outside', async () => {
    const running = state(action(1))
    const api = await scripted([running, running, running, running, running, now], {
      pollIntervalMs: 20,
    })
    await api.hetzner.actions.wait([action(1)])
    assert.deepEqual([api.waits[0], api.waits.at(-1)], [20, 100])
  })

  it('throws what went wrong with an action, by its code', async () => {
    const failed = action(1, 'error', {
      error: { code: 'resource_unavailable', message: 'error during placement' },
    })
    const api = await scripted([state(failed)])
    await assert.rejects(api.hetzner.actions.wait([action(1)]), (error: ApiActionError) => {
      assert(error instanceof ApiActionError)
      assert.equal(error.apiCode, 'resource_unavailable')
      assert.equal(error.command, 'create_server')
      assert.equal(error.actionId, 1)
      assert.deepEqual(error.resources, [{ id: 42, type: 'server' }])
      assert.match(
        error.message,
        /create_server \(server 42\) failed: error during placement \(resource_unavailable\)/,
      )
      assert.match(error.hint ?? '', /server types/)
      return true
    })
  })

  it('throws at once for one that had failed already', async () => {
    const api = await scripted([now])
    await assert.rejects(api.hetzner.actions.wait([action(1, 'error')]), ApiActionError)
    assert.equal(api.seen.length, 0)
  })

  it('asks singly for what the answer leaves out', async () => {
    const api = await scripted([state(), { json: { action: action(7, 'success') } }])
    const [ended] = await api.hetzner.actions.wait([action(7)])
    assert.equal(ended?.status, 'success')
    assert.equal(api.seen[1]?.url, '/v1/actions/7')
  })

  it('fails for an action that is gone: its end was not seen', async () => {
    const api = await scripted([state(), failure(404, 'not_found')])
    await assert.rejects(
      api.hetzner.actions.wait([action(7)]),
      (error: HetznerError) => error.apiCode === 'action_not_found' && error.outcome === 'unknown',
    )
  })

  it('fails when the time is up', async () => {
    let time = 0
    const api = await scripted([state(action(1))], {
      now: () => time,
      sleep: async ms => {
        time += ms
      },
    })
    await assert.rejects(
      api.hetzner.actions.wait([action(1)], { timeoutMs: 60_000 }),
      (error: HetznerError) =>
        error.apiCode === 'action_timeout' && /60 seconds.*server 42/.test(error.message),
    )
    assert.equal(time, 60_000)
  })

  it('survives a poll that fails', async () => {
    const api = await scripted([failure(503, 'unavailable'), now])
    await api.hetzner.actions.wait([action(1)])
  })

  it('ends when aborted', async () => {
    const abort = new AbortController()
    const api = await scripted([now], { sleep: (await import('../../src/hetzner/sleep.ts')).sleep })
    const waiting = api.hetzner.actions.wait([action(1)], { signal: abort.signal })
    abort.abort()
    await assert.rejects(waiting, InterruptedError)
    assert.equal(api.seen.length, 0)
  })
})

import assert from 'node:assert/strict'
import { surviveWrite } from './swap-crash.ts'
import { SwapStage } from './swap-stage.ts'

const isWrite = (request: { method: string }) => request.method !== 'GET'

describe('cosmos swap', function () {
  this.timeout(120_000)
  const stage = new SwapStage()
  before(() => stage.begin())
  after(() => stage.close())
  afterEach(() => stage.proxy.heal())

  it('shows steps, outage and cost first, and changes nothing', async () => {
    const before = stage.requests.length
    const { code, stdout } = await stage.cosmos('swap', '--lab', '--plan')
    assert.equal(code, 2)
    assert.match(stdout, /Swap of cosmos by "replace"/)
    assert.match(stdout, /Expected outage: /)
    assert.deepEqual(stage.requests.slice(before).filter(isWrite), [])
  })

  it('replaces the machine under the same address, host key, name and data', async () => {
    const { resources: before } = stage.state
    await stage.ok('ssh', '--lab', '--', 'echo kept > /data/note && sync')
    const { stdout, stderr } = await stage.ok('swap', '--lab')
    assert.match(stdout, /cosmos is on a new machine \(\d+\) at 127\./)
    assert.match(stdout, /Outage: [\d.]+s, from the stop of K3s to the node being Ready again/)
    assert.match(stderr, /Release the volume: Drain the node: \d+ pods left/)
    assert.match(stderr, /claims and sealed secrets are well/)
    const { resources: after } = stage.state
    assert.notEqual(after.server, before.server)
    assert.deepEqual({ ...after, server: 0 }, { ...before, server: 0 })
    assert.equal((await stage.ok('ssh', '--lab', '--', 'cat /data/note')).stdout, 'kept\n')
    await stage.assertWhole()
    assert.equal((await stage.cosmos('up', '--lab', '--plan')).code, 0)
    assert.equal((await stage.cosmos('status', '--lab')).code, 0)
  })

  it('knows the outage from history then', async () => {
    const { stdout } = await stage.cosmos('swap', '--lab', '--plan')
    assert.match(stdout, /Expected outage: [\d.]+s \(as in the last swap\)/)
  })

  it('rebuilds in place where no second server can be had', async () => {
    const { server } = stage.state.resources
    for (const on of ['cx23', 'cax11', 'cpx12'])
      await stage.ok('lab', 'fault', 'add', 'stock', '--on', on, '--mode', 'surprise')
    const { stderr } = await stage.ok('swap', '--lab')
    await stage.ok('lab', 'fault', 'clear')
    assert.match(stderr, /There is no room for a second server.*Rebuilding it in place instead/)
    assert.equal(stage.state.resources.server, server)
    await stage.assertWhole()
  })

  it('recreates only when the name is given', async () => {
    const refused = await stage.cosmos('swap', '--lab', '--strategy', 'recreate', '--yes')
    assert.equal(refused.code, 3)
    assert.match(refused.stderr, /cosmos swap --lab --strategy recreate --yes --confirm cosmos/)
    await stage.ok(
      'swap',
      '--lab',
      '--strategy',
      'recreate',
      '--yes',
      '--confirm',
      'cosmos',
      '--type',
      'cax11',
    )
    const [server] = (await stage.api('GET', '/servers')).servers
    assert.equal(server.server_type.name, 'cax11')
    await stage.assertWhole()
  })

  it('puts the old server back to work when something holds the volume, and leaves nothing beside it', async () => {
    const { server } = stage.state.resources
    const holder = stage.play('ssh', '--lab', '--', 'cd /data && sleep 1000000')
    await stage.ok(
      'ssh',
      '--lab',
      '--',
      "for i in $(seq 100); do ls -l /proc/[0-9]*/cwd | grep -q -- '-> /data' && break; sleep 1; done",
    )
    const { code, stderr } = await stage.cosmos('swap', '--lab')
    assert.equal(code, 3, stderr)
    assert.match(stderr, /Process \d+ \(\w+\) has \/data open, in mount namespace/)
    assert.match(stderr, /The old server is back in service, and nothing else is left/)
    holder.child.kill('SIGKILL')
    await holder.done
    assert.equal(stage.state.resources.server, server)
    await stage.assertWhole()
  })

  it('goes back to the old server when asked, from the middle', async () => {
    const { server } = stage.state.resources
    await stage.killAtWrite({ at: 13, how: 'after' }, [])
    const { code, stdout, stderr } = await stage.swap('--back')
    assert.equal(code, 0, stderr)
    assert.match(stdout, /cosmos is on its old server/)
    assert.equal(stage.state.resources.server, server)
    await stage.assertWhole()
    const again = await stage.swap('--back')
    assert.equal(again.code, 3)
    assert.match(again.stderr, /nothing to go back from/)
  })

  it('says where things stand on Ctrl-C, keeps others out meanwhile, and goes on', async () => {
    const reached = stage.proxy.cutAt({ at: 8, how: 'before' })
    const play = stage.playOn('swap', '--yes')
    await reached
    const second = await stage.cosmos('swap', '--lab')
    assert.equal(second.code, 3)
    assert.match(second.stderr, new RegExp(`cosmos swap, pid ${play.child.pid}`))
    play.child.kill('SIGINT')
    const { code, stderr } = await play.done
    stage.proxy.heal()
    assert.equal(code, 130)
    assert.match(stderr, /Interrupted\. The workload is stopped, and nobody is served/)
    assert.match(
      stderr,
      /continue with: cosmos swap --lab\. Or go back to the old server: cosmos swap --lab --back/,
    )
    for (const other of ['up', 'down']) {
      const refused = await stage.cosmos(other, '--lab')
      assert.equal(refused.code, 3, other)
      assert.match(refused.stderr, /A swap of the server is under way/)
    }
    assert.match((await stage.cosmos('status', '--lab')).stdout, /continue with: cosmos swap/)
    assert.match((await stage.swap('--plan')).stdout, /A swap by "replace" is under way/)
    await stage.ok('swap', '--lab')
    await stage.assertWhole()
  })

  it('survives being killed: two points here, all of them in test/slow', async () => {
    const count = { tried: 0, survived: 0 }
    await surviveWrite(stage, 'replace', { at: 2, how: 'after' }, count)
    await surviveWrite(stage, 'rebuild', { at: 1, how: 'after' }, count)
    console.log(`      crash points: ${count.tried} tried, ${count.survived} survived`)
  })
})

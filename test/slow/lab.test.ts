import assert from 'node:assert/strict'
import { existsSync } from 'node:fs'
import { join } from 'node:path'
import { Stage } from '../rehearsal/stage.ts'

describe('cosmos lab', function () {
  this.timeout(60_000)
  let stage: Stage
  beforeEach(() => {
    stage = new Stage()
  })
  afterEach(() => stage.close())

  it('starts, says how to reach it, is empty, and stops', async () => {
    const before = await stage.ok('lab', 'status')
    assert.match(before.stdout, /There is no lab .* cosmos lab start/)
    const started = await stage.ok('lab', 'start', '--speed', '200')
    const { endpoint, token } = stage.lab
    assert(started.stdout.includes(`export HCLOUD_ENDPOINT=${endpoint}\n`))
    assert(started.stdout.includes(`export HCLOUD_TOKEN=${token}\n`))
    assert.deepEqual((await stage.api('GET', '/servers')).servers, [])
    const { result } = await stage.ok('lab', 'status', '--json')
    assert.equal(result.running, true)
    assert.equal(result.servers, 0)
    assert.equal(JSON.stringify(result).includes(token), false)
    await stage.ok('lab', 'stop')
    assert.match((await stage.ok('lab', 'status')).stdout, /is stopped; what is in it is kept/)
    assert.equal((await stage.ok('lab', 'stop', '--json')).result.changed, false)
  })

  it('takes another speed while it runs', async () => {
    await stage.ok('lab', 'start', '--speed', '200')
    const { result } = await stage.ok('lab', 'start', '--speed', '50', '--json')
    assert.equal(result.changed, true)
    assert.equal((await stage.ok('lab', 'status', '--json')).result.speed, 50)
    assert.equal((await stage.ok('lab', 'start', '--speed', '50', '--json')).result.changed, false)
  })

  it('is reset only after a yes, and keeps its token', async () => {
    await stage.startLab()
    await stage.api('POST', '/volumes', { name: 'data', size: 10, location: 'nbg1' })
    const refused = await stage.cosmos('lab', 'reset')
    assert.equal(refused.code, 3)
    assert.match(refused.stderr, /cosmos lab reset --yes/)
    assert.equal((await stage.api('GET', '/volumes')).volumes.length, 1)
    const { token } = stage.lab
    await stage.ok('lab', 'reset', '--yes')
    assert.deepEqual((await stage.api('GET', '/volumes')).volumes, [])
    assert.equal(stage.lab.token, token)
  })

  it('comes back with its machine after a stop, and forgets it with a reset', async () => {
    await stage.startLab()
    await stage.ok('up', '--lab', '--yes')
    await stage.ok('lab', 'stop')
    await stage.startLab()
    const again = await stage.ok('up', '--lab', '--yes', '--json')
    assert.equal(again.result.changed, false)
    assert.equal((await stage.cosmos('status', '--lab')).code, 0)
    assert.match((await stage.ok('lab', 'inspect', 'cosmos-data')).stdout, /is intact: \d+ entries/)
    await stage.ok('lab', 'reset', '--yes')
    assert.equal(existsSync(stage.projectDir), false)
    assert.equal((await stage.cosmos('up', '--lab', '--plan')).code, 2)
  })

  it('lets things go wrong on purpose, counts that, and lists what it costs', async () => {
    await stage.startLab()
    const added = await stage.ok(
      'lab',
      'fault',
      'add',
      'api',
      '--on',
      'POST /servers',
      '--code',
      'resource_unavailable',
    )
    assert.match(added.stdout, /Fault 1 \(api POST \/servers\) strikes once: resource_unavailable/)
    await stage.ok('up', '--lab', '--yes')
    const listed = await stage.ok('lab', 'fault', 'list', '--json')
    assert.equal(listed.result.faults[0].struck, 1)
    assert.match((await stage.ok('lab', 'log', '-n', '500')).stdout, /POST \/v1\/servers → 412/)
    const { result } = await stage.ok('lab', 'inspect', '--json')
    assert.deepEqual(
      result.bill.lines.map(({ kind }: { kind: string }) => kind),
      ['server', 'volume', 'primary_ip', 'primary_ip'],
    )
    assert.equal((await stage.ok('lab', 'fault', 'clear', '--json')).result.cleared, 1)
  })

  it('refuses faults that make no sense, and questions to a lab that does not run', async () => {
    const silent = await stage.cosmos('lab', 'fault', 'list')
    assert.equal(silent.code, 1)
    assert.match(silent.stderr, /No lab runs in .*\n→ next: cosmos lab start/)
    await stage.startLab()
    const mode = await stage.cosmos('lab', 'fault', 'add', 'ssh', '--mode', 'garbage')
    assert.equal(mode.code, 1)
    assert.match(mode.stderr, /mode/)
    assert.equal((await stage.cosmos('lab', 'fault', 'add', 'flood')).code, 2)
    assert.equal((await stage.cosmos('lab', 'start', '--speed', '0')).code, 2)
    assert.equal((await stage.cosmos('lab', 'inspect', 'nothing')).code, 2)
  })

  it('lies where COSMOS_LAB_DIR says', async () => {
    stage.env.COSMOS_LAB_DIR = join(stage.dir, 'elsewhere')
    await stage.startLab()
    assert(existsSync(join(stage.dir, 'elsewhere', 'lab.json')))
    assert.equal(existsSync(stage.labDir), false)
  })
})

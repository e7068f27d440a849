import assert from 'node:assert/strict'
import { Stage } from '../rehearsal/stage.ts'

/** What the API may do to a fresh `up`, and how that must end: made in spite of it, or stopped with a way on. */
const cases: [name: string, fault: string[], code: number, says: RegExp][] = [
  ['too many requests', ['api', '--code', 'rate_limit_exceeded', '--times', '2'], 0, /is up at/],
  ['a conflict on a write', ['api', '--on', 'POST /firewalls', '--code', 'conflict'], 0, /is up at/],
  ['a locked resource', ['api', '--on', 'POST /servers', '--code', 'locked'], 0, /is up at/],
  ['a bad gateway on a read', ['api', '--on', 'GET /servers', '--code', 'bad_gateway'], 0, /is up at/],
  ['a server error on a read', ['api', '--on', 'GET /volumes', '--code', 'server_error'], 0, /is up at/],
  ['garbage on a read', ['api', '--on', 'GET /servers', '--mode', 'garbage'], 1, /not from the Hetzner API/],
  ['a lost answer to the volume', ['api', '--on', 'POST /volumes', '--mode', 'lost'], 0, /is up at/],
  ['a lost answer to the server', ['api', '--on', 'POST /servers', '--mode', 'lost'], 0, /is up at/],
  [
    'a line that is cut before the write',
    ['api', '--on', 'POST /primary_ips', '--mode', 'cut'],
    0,
    /is up at/,
  ],
  ['a stock list that was wrong', ['stock', '--on', 'cx23', '--mode', 'surprise'], 0, /No capacity for cx23/],
  ['a quota', ['api', '--on', 'POST /servers', '--code', 'resource_limit_exceeded'], 1, /limit/i],
  ['maintenance', ['api', '--on', 'POST /servers', '--code', 'maintenance'], 1, /maintenance/i],
  [
    'a volume that cannot be made',
    ['action', '--on', 'create_volume', '--code', 'action_failed'],
    1,
    /create_volume/,
  ],
  ['SSH that is refused for a while', ['ssh', '--mode', 'refuse', '--times', '2'], 0, /is up at/],
  ['SSH that breaks off in the middle', ['ssh', '--mode', 'drop', '--times', '1'], 0, /is up at/],
]

describe('cosmos up under faults', function () {
  this.timeout(120_000)
  const stage = new Stage()
  before(() => stage.startLab())
  after(() => stage.close())

  for (const [name, fault, code, says] of cases) {
    it(`${code === 0 ? 'gets through' : 'explains'} ${name}, and leaves one of each`, async () => {
      await stage.ok('lab', 'reset', '--yes')
      await stage.ok('lab', 'fault', 'add', ...fault)
      const outcome = await stage.cosmos('up', '--lab')
      const said = outcome.stdout + outcome.stderr
      assert.equal(outcome.code, code, said)
      assert.match(said, says)
      if (code !== 0) {
        assert.match(outcome.stderr, /→ next: /)
        await stage.ok('lab', 'fault', 'clear')
        await stage.ok('up', '--lab')
      }
      for (const [kind, count] of Object.entries({
        servers: 1,
        volumes: 1,
        primary_ips: 2,
        firewalls: 1,
        ssh_keys: 1,
      })) {
        assert.equal((await stage.api('GET', `/${kind}`))[kind].length, count, kind)
      }
    })
  }

  it('shows what is in stock when nothing wanted is', async () => {
    await stage.ok('lab', 'reset', '--yes')
    for (const type of ['cx23', 'cax11', 'cpx12'])
      await stage.ok('lab', 'fault', 'add', 'stock', '--on', type)
    const { code, stderr } = await stage.cosmos('up', '--lab')
    assert.equal(code, 1)
    assert.match(stderr, /None of cx23, cax11, cpx12 is in stock in nbg1, fsn1, hel1/)
    assert.match(stderr, /In stock there now:\n +\w+ +\w+ +\w+ +\d+\.\d\d EUR\/month/)
    assert.deepEqual((await stage.api('GET', '/volumes')).volumes, [])
  })
})

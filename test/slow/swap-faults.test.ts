import assert from 'node:assert/strict'
import { type Strategy, SwapStage } from '../rehearsal/swap-stage.ts'

/** `through`: the swap ends well in spite of it. `on`: it stops with a way on, and that leads to the end. `back`: the old server serves again. */
type End = 'through' | 'on' | 'back'
type Case = [name: string, fault: string[], end: End, strategy?: Strategy]

const post = (path: string) => `POST ${path}`
const writes = [
  post('/primary_ips'),
  post('/servers'),
  post('/servers/{id}/actions/shutdown'),
  post('/primary_ips/{id}/actions/unassign'),
  'DELETE /primary_ips/{id}',
  post('/servers/{id}/actions/poweroff'),
  post('/volumes/{id}/actions/detach'),
  post('/volumes/{id}/actions/attach'),
  post('/primary_ips/{id}/actions/assign'),
  post('/servers/{id}/actions/poweron'),
  'DELETE /servers/{id}',
  'PUT /servers/{id}',
]
const commands = [
  'shutdown_server',
  'unassign_primary_ip',
  'stop_server',
  'detach_volume',
  'attach_volume',
  'assign_primary_ip',
  'delete_server',
]

const cases: Case[] = [
  ...writes.flatMap((on): Case[] => [
    [`an answer to ${on} that is lost`, ['api', '--on', on, '--mode', 'lost'], 'through'],
    [`a line that is cut before ${on}`, ['api', '--on', on, '--mode', 'cut'], 'through'],
    [`too many requests at ${on}`, ['api', '--on', on, '--code', 'rate_limit_exceeded'], 'through'],
    [`a conflict at ${on}`, ['api', '--on', on, '--code', 'conflict'], 'through'],
    [`a lock at ${on}`, ['api', '--on', on, '--code', 'locked'], 'through'],
    [`a server error at ${on}`, ['api', '--on', on, '--code', 'server_error'], 'through'],
  ]),
  ...commands.map(
    (on): Case => [`${on} ending in error`, ['action', '--on', on, '--code', 'action_failed'], 'through'],
  ),
  [
    'start_server ending in error, of the spare',
    ['action', '--on', 'start_server', '--code', 'action_failed'],
    'through',
  ],
  [
    'start_server ending in error, after the move',
    ['action', '--on', 'start_server', '--code', 'action_failed', '--skip', '1'],
    'through',
  ],
  ['create_server ending in error', ['action', '--on', 'create_server', '--code', 'action_failed'], 'on'],
  [
    'rebuild_server ending in error',
    ['action', '--on', 'rebuild_server', '--code', 'action_failed'],
    'through',
    'rebuild',
  ],
  [
    'an answer to the rebuild that is lost',
    ['api', '--on', post('/servers/{id}/actions/rebuild'), '--mode', 'lost'],
    'through',
    'rebuild',
  ],
  [
    'a quota for servers',
    ['api', '--on', post('/servers'), '--code', 'resource_limit_exceeded', '--always'],
    'through',
  ],
  [
    'no stock after the old server is deleted',
    ['api', '--on', post('/servers'), '--code', 'resource_unavailable', '--always'],
    'on',
    'recreate',
  ],
  ['SSH that is refused twice', ['ssh', '--mode', 'refuse', '--skip', '1', '--times', '2'], 'through'],
  ['SSH that breaks off in the middle', ['ssh', '--mode', 'drop', '--skip', '1'], 'through'],
  ['SSH that breaks off during the release', ['ssh', '--mode', 'drop'], 'through'],
  ['a new machine that never boots', ['boot', '--on', 'cosmos-next'], 'back'],
  [
    'a new machine that does not boot with the volume',
    ['boot', '--on', 'cosmos-next', '--skip', '1'],
    'back',
  ],
  [
    'a new machine that is not reachable after the move',
    ['ssh', '--on', 'cosmos-next', '--mode', 'refuse', '--skip', '1', '--always'],
    'back',
  ],
]

describe('cosmos swap under faults', function () {
  this.timeout(600_000)
  const stage = new SwapStage()
  before(() => stage.begin(['--seed', '3']))
  after(() => stage.close())

  for (const [name, fault, end, strategy] of cases) {
    it(`${end === 'through' ? 'gets through' : end === 'on' ? 'explains, and goes on after' : 'goes back because of'} ${name}`, async () => {
      const { server } = stage.state.resources
      const flags = [...(strategy === undefined ? [] : stage.flagsFor(strategy)), '--timeout', '1']
      await stage.ok('lab', 'fault', 'add', ...fault)
      const { code, stdout, stderr } = await stage.swap(...flags)
      await stage.ok('lab', 'fault', 'clear')
      const said = stdout + stderr
      if (end === 'through') assert.equal(code, 0, said)
      else assert.notEqual(code, 0, said)
      if (end === 'back') {
        assert.match(stderr, /The old server is back in service/)
        assert.equal(stage.state.resources.server, server)
      }
      if (end === 'on') {
        assert.match(stderr, /→ next: /)
        const again = await stage.swap(...flags)
        assert.equal(again.code, 0, again.stdout + again.stderr)
      }
      await stage.assertWhole()
    })
  }
})

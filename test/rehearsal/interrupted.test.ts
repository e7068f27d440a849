import assert from 'node:assert/strict'
import { watch } from 'node:fs'
import { Stage } from './stage.ts'

/** SSH key, firewall, two addresses, volume, server. */
const writesOfFreshUp = 6

/** Resolves when the lab has answered that many writing calls. */
async function afterWrites(stage: Stage, count: number): Promise<void> {
  const reached = () => stage.requests.filter(request => request.method !== 'GET').length >= count
  if (reached()) return
  await new Promise<void>(resolve => {
    const watcher = watch(stage.labDir, () => {
      if (!reached()) return
      watcher.close()
      resolve()
    })
  })
}

async function assertOneOfEach(stage: Stage): Promise<void> {
  for (const [kind, count] of [
    ['servers', 1],
    ['volumes', 1],
    ['primary_ips', 2],
    ['firewalls', 1],
    ['ssh_keys', 1],
  ] as const) {
    assert.equal((await stage.api('GET', `/${kind}`))[kind].length, count, kind)
  }
  assert.equal(stage.state.operation, null)
  assert.equal((await stage.cosmos('up', '--lab', '--plan')).code, 0)
}

describe('a run that is cut off', function () {
  this.timeout(120_000)

  for (let count = 1; count <= writesOfFreshUp; count++) {
    it(`by SIGKILL after write ${count} is continued without duplicates`, async () => {
      const stage = new Stage()
      try {
        await stage.startLab(['--seed', String(count)])
        const play = stage.play('up', '--lab')
        await afterWrites(stage, count)
        play.child.kill('SIGKILL')
        assert.equal((await play.done).signal, 'SIGKILL')
        await stage.ok('up', '--lab')
        await assertOneOfEach(stage)
      } finally {
        await stage.close()
      }
    })
  }

  it('by Ctrl-C says where things stand and how to go on, and goes on', async () => {
    const stage = new Stage()
    try {
      await stage.startLab()
      const play = stage.play('up', '--lab')
      await afterWrites(stage, writesOfFreshUp)
      play.child.kill('SIGINT')
      const { code, stderr } = await play.done
      assert.equal(code, 130)
      assert.match(stderr, /What was made so far stays/)
      assert.match(stderr, /→ next: continue with: cosmos up/)
      assert.equal(stage.state.operation.kind, 'up')
      await stage.ok('up', '--lab')
      await assertOneOfEach(stage)
    } finally {
      await stage.close()
    }
  })

  it('and a second run at the same time is refused, naming the first', async () => {
    const stage = new Stage()
    try {
      await stage.startLab(['--speed', '15'])
      const play = stage.play('up', '--lab')
      await afterWrites(stage, 1)
      const second = await stage.cosmos('up', '--lab')
      assert.equal(second.code, 3, second.stderr)
      assert.match(second.stderr, new RegExp(`cosmos up, pid ${play.child.pid}`))
      assert.equal((await play.done).code, 0)
    } finally {
      await stage.close()
    }
  })
})

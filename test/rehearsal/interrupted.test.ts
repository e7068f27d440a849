import assert from 'node:assert/strict'
import { afterWrites, assertOneOfEach, killAndContinue, writesOfFreshUp } from './cut-off.ts'
import { Stage } from './stage.ts'

describe('a run that is cut off', function () {
  this.timeout(120_000)

  for (const count of [2, writesOfFreshUp]) {
    it(`by SIGKILL after write ${count} is continued without duplicates`, () => killAndContinue(count))
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
      assert.match(stderr, /What was done so far is written down/)
      assert.match(stderr, /→ next: cosmos up --lab$/m)
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

import assert from 'node:assert/strict'
import { type CrashCount, surviveLine, surviveWrite, writesOf } from '../rehearsal/swap-crash.ts'
import { SwapStage, strategies } from '../rehearsal/swap-stage.ts'

describe('cosmos swap, killed at every point', function () {
  this.timeout(600_000)
  const stage = new SwapStage()
  const count: CrashCount = { tried: 0, survived: 0 }
  before(() => stage.begin(['--seed', '7']))
  after(async () => {
    console.log(`    crash points: ${count.tried} tried, ${count.survived} survived`)
    await stage.close()
  })

  for (const strategy of strategies) {
    for (let at = 1; at <= writesOf[strategy]; at++) {
      for (const how of ['before', 'after'] as const) {
        it(`${strategy}: ${how} write ${at}`, () => surviveWrite(stage, strategy, { at, how }, count))
      }
    }

    it(`${strategy}: at every line of its output`, async () => {
      for (let nth = 1; (await surviveLine(stage, strategy, nth, count)) !== undefined; nth++);
      assert.equal(count.survived, count.tried)
    })

    it(`${strategy} writes ${writesOf[strategy]} times when nothing disturbs it`, async () => {
      stage.proxy.heal()
      assert.equal((await stage.swap(...stage.flagsFor(strategy))).code, 0)
      assert.equal(stage.proxy.writes.length, writesOf[strategy], stage.proxy.writes.join(', '))
    })
  }
})

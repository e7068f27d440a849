import assert from 'node:assert/strict'
import { rmSync } from 'node:fs'
import { join } from 'node:path'
import { SwapStage } from '../rehearsal/swap-stage.ts'

/** The write that powers the new server on; the one after it deletes the old one. */
const lastWayBack = 13

describe('the way out of a swap that was cut off', function () {
  this.timeout(600_000)
  const stage = new SwapStage()
  before(() => stage.begin(['--seed', '11']))
  after(() => stage.close())

  for (let at = 1; at <= lastWayBack; at++) {
    it(`leads back to the old server, after write ${at}`, async () => {
      const { server } = stage.state.resources
      assert.equal(await stage.killAtWrite({ at, how: 'after' }, []), true)
      const { code, stdout, stderr } = await stage.swap('--back')
      assert.equal(code, 0, stdout + stderr)
      assert.equal(stage.state.resources.server, server)
      await stage.assertWhole()
    })
  }

  it('leads nowhere once the old server is being deleted', async () => {
    await stage.killAtWrite({ at: lastWayBack + 1, how: 'after' }, [])
    const { code, stderr } = await stage.swap('--back')
    assert.equal(code, 3)
    assert.match(stderr, /There is no way back/)
    assert.equal((await stage.swap()).code, 0)
    await stage.assertWhole()
  })

  for (const at of [1, 2, 4, 6, 9, 12, 14, 15]) {
    it(`goes on without its state file, after write ${at}`, async () => {
      await stage.killAtWrite({ at, how: 'after' }, [])
      rmSync(join(stage.projectDir, '.cosmos', 'state.json'))
      // At the very end nothing is left to go on with: a first look writes the state anew.
      const { code, stdout, stderr } = await stage.swap()
      assert.equal(code, 0, stdout + stderr)
      await stage.assertWhole()
    })
  }
})

import assert from 'node:assert/strict'
import { SwapStage } from '../rehearsal/swap-stage.ts'

describe('cosmos resize', function () {
  this.timeout(120_000)
  const stage = new SwapStage()
  before(() => stage.begin())
  after(() => stage.close())

  it('grows volume and file system while they are in use', async () => {
    const { stderr } = await stage.ok('resize', '--lab', '--volume', '30')
    assert.match(stderr, /Grow the file system: while it is in use/)
    const [volume] = (await stage.api('GET', '/volumes')).volumes
    assert.equal(volume.size, 30)
    const { stdout } = await stage.ok('ssh', '--lab', '--', 'df -B1G --output=size /data | tail -n 1')
    assert.equal(stdout.trim(), '30')
    await stage.assertWhole()
  })

  it('changes the type, keeps the disk, and brings everything back', async () => {
    const [before] = (await stage.api('GET', '/servers')).servers
    await stage.ok('resize', '--lab', '--type', 'cx33')
    const [after] = (await stage.api('GET', '/servers')).servers
    assert.equal(after.id, before.id)
    assert.equal(after.server_type.name, 'cx33')
    assert.equal(after.primary_disk_size, before.primary_disk_size)
    await stage.assertWhole()
  })

  it('does nothing the second time, and refuses what cannot be', async () => {
    const again = await stage.ok('resize', '--lab', '--type', 'cx33', '--volume', '30')
    assert.match(again.stdout, /Nothing to do/)
    const smaller = await stage.cosmos('resize', '--lab', '--volume', '20')
    assert.equal(smaller.code, 2)
    assert.match(smaller.stderr, /cannot shrink/)
    const arm = await stage.cosmos('resize', '--lab', '--type', 'cax21')
    assert.equal(arm.code, 3)
    assert.match(arm.stderr, /cosmos swap .*--type cax21/)
    assert.equal((await stage.cosmos('resize', '--lab')).code, 2)
  })

  it('goes on where it was cut off, with the server off', async () => {
    const flags = ['--type', 'cx23']
    const reached = stage.proxy.cutAt({ at: 2, how: 'after' })
    const play = stage.playOn('resize', '--yes', ...flags)
    await reached
    play.child.kill('SIGKILL')
    await play.done
    stage.proxy.heal()
    const { code, stdout, stderr } = await stage.playOn('resize', '--yes', ...flags).done
    assert.equal(code, 0, stdout + stderr)
    await stage.assertWhole()
  })
})

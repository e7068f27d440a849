import assert from 'node:assert/strict'
import { mkdirSync, readdirSync } from 'node:fs'
import { setImmediate } from 'node:timers/promises'
import { parse } from 'yaml'
import { testKey } from '../sealing/keys.ts'
import { SealProject } from '../rehearsal/seal-project.ts'

const count = 400

describe('cosmos seal --in-place, cut off', function () {
  this.timeout(60_000)
  let project: SealProject
  beforeEach(async () => {
    project = await new SealProject([await testKey()]).lay()
    mkdirSync(project.path('tree'))
    for (let index = 0; index < count; index++) {
      project.secret(`tree/s${index}.yaml`, { a: `value ${index}` }, { name: `s${index}`, namespace: 'ns' })
    }
  })
  afterEach(() => project.remove())

  const files = () => readdirSync(project.path('tree'))
  const manifests = () => files().filter(name => name.endsWith('.yaml'))
  const sealedCount = () =>
    manifests().filter(name => project.read(`tree/${name}`).includes('SealedSecret')).length

  /** Starts sealing and sends the signal as soon as the first file is sealed. */
  async function cutOff(signal: 'SIGKILL' | 'SIGINT') {
    let alive = true
    const ended = project
      .cosmos(['seal', '-i', 'tree'], {
        started: async child => {
          while (alive && !project.read('tree/s0.yaml').includes('SealedSecret')) await setImmediate()
          child.kill(signal)
        },
      })
      .finally(() => {
        alive = false
      })
    return ended
  }

  /** Each file is the old one or the new one, whole; a second run finishes the work. */
  async function assertWholeAndFinish(): Promise<void> {
    const sealed = sealedCount()
    assert(
      sealed > 0 && sealed < count,
      `${sealed} of ${count} were sealed: the signal came too late to prove anything`,
    )
    for (const name of manifests()) {
      const object = parse(project.read(`tree/${name}`)) as {
        kind: string
        stringData?: unknown
        spec?: { template: unknown }
      }
      assert(object.kind === 'Secret' ? object.stringData : object.spec?.template, name)
    }
    const again = await project.cosmos(['seal', '-i', 'tree'])
    assert.equal(again.code, 0, again.stderr)
    assert.equal(sealedCount(), count)
    assert.equal((await project.opened(['seal', '--validate', 'tree'])).code, 0)
  }

  it('by SIGKILL leaves every file whole', async () => {
    const { code } = await cutOff('SIGKILL')
    assert.equal(code, null)
    await assertWholeAndFinish()
  })

  it('by Ctrl-C leaves every file whole and nothing beside them', async () => {
    const { code } = await cutOff('SIGINT')
    assert.equal(code, 130)
    assert.equal(files().length, count)
    await assertWholeAndFinish()
  })
})

import assert from 'node:assert/strict'
import { attachVolume } from '../../src/flows/up/attach-volume.ts'
import { createHetzner } from '../../src/hetzner/index.ts'
import { Stage } from './stage.ts'

describe('attachVolume', function () {
  this.timeout(60_000)
  const stage = new Stage()
  const { signal } = new AbortController()
  const log = { resources: {}, operation: null, save: async () => undefined }
  before(() => stage.startLab())
  after(() => stage.close())

  it('attaches once, is content with what the server took itself, and never takes it from another', async () => {
    const hetzner = createHetzner({ ...stage.lab, pollIntervalMs: 25 })
    const serverOf = async (name: string): Promise<number> => {
      const made = await stage.api('POST', '/servers', { name, server_type: 'cx23', image: 'ubuntu-24.04' })
      await hetzner.actions.wait([made.action, ...made.next_actions], { signal })
      return made.server.id
    }
    const [server, other] = [await serverOf('one'), await serverOf('two')]
    const { location } = (await stage.api('GET', `/servers/${server}`)).server
    const { volume } = await stage.api('POST', '/volumes', {
      name: 'data',
      size: 10,
      location: location.name,
    })
    const id: number = volume.id
    await attachVolume({ hetzner, log }, { id, server }, signal)
    assert.equal((await hetzner.volumes.get(id, signal))?.server, server)

    const writes = () => stage.requests.filter(request => request.method !== 'GET').length
    const before = writes()
    await attachVolume({ hetzner, log }, { id, server }, signal)
    assert.equal(writes(), before)
    await assert.rejects(attachVolume({ hetzner, log }, { id, server: other }, signal), {
      code: 'volume-already-attached',
    })
  })
})

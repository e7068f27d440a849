import { deepEqual, equal, rejects } from 'node:assert/strict'
import { mkdtemp, rm } from 'node:fs/promises'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import {
  askLab,
  type LabInfo,
  labStatus,
  listSnapshots,
  restoreLab,
  snapshotLab,
  startLab,
  stopLab,
} from '../../src/lab/index.ts'

describe('lab: snapshots of the whole', function () {
  this.timeout(30_000)
  let dir: string
  beforeEach(async () => {
    dir = await mkdtemp(join(tmpdir(), 'lab-saved-'))
  })
  afterEach(async () => {
    await stopLab(dir)
    await rm(dir, { recursive: true, force: true })
  })

  async function post(lab: LabInfo, path: string, body: unknown): Promise<void> {
    const headers = { Authorization: `Bearer ${lab.token}` }
    const reply = await fetch(lab.endpoint + path, { method: 'POST', headers, body: JSON.stringify(body) })
    equal(reply.status, 201, await reply.text())
  }

  it('go on running, at the same address, with what there was', async () => {
    const lab = await startLab({ dir, speed: 1000 })
    await post(lab, '/primary_ips', { name: 'kept', type: 'ipv4', location: 'fsn1' })
    await snapshotLab(dir, 'one-address')
    await post(lab, '/primary_ips', { name: 'later', type: 'ipv4', location: 'fsn1' })
    const before = await labStatus(dir)
    deepEqual([before?.running, before?.endpoint, before?.primaryIps], [true, lab.endpoint, 2])
    await restoreLab(dir, 'one-address')
    const after = await labStatus(dir)
    deepEqual(
      [after?.running, after?.endpoint, after?.token, after?.primaryIps],
      [true, lab.endpoint, lab.token, 1],
    )
    deepEqual(await listSnapshots(dir), ['one-address'])
    const { lines } = (await askLab(lab, 'GET', '/bill')) as { lines: { name: string }[] }
    deepEqual(
      lines.map(({ name }) => name),
      ['kept'],
    )
  })

  it('are refused for names that are none, or taken, or unknown', async () => {
    await snapshotLab(dir, 'a')
    await rejects(snapshotLab(dir, 'a'), { code: 'lab-snapshot-exists' })
    await rejects(snapshotLab(dir, '../x'), { code: 'lab-snapshot-name' })
    await rejects(restoreLab(dir, 'b'), { code: 'lab-snapshot-unknown', hint: /There are: a/ })
    equal((await labStatus(dir))?.running, undefined)
  })
})

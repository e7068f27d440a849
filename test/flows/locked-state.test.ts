import assert from 'node:assert/strict'
import { mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { readState } from '../../src/flows/locked-state.ts'
import { openState, type State } from '../../src/state/index.ts'
import { config } from '../fixtures/cloud.ts'

const endpoint = 'https://api.hetzner.cloud/v1'
const stored: State = {
  version: 1,
  cluster: 'acme',
  endpoint,
  resources: { server: 42 },
  made: null,
  operation: null,
}

describe('the state of a project', () => {
  let stateDir: string
  beforeEach(() => {
    stateDir = mkdtempSync(join(tmpdir(), 'cosmos-state-'))
  })
  afterEach(() => rmSync(stateDir, { recursive: true }))
  const read = (changes: { name?: string; endpoint?: string; isLab?: boolean } = {}) =>
    readState({
      stateDir,
      endpoint: changes.endpoint ?? endpoint,
      isLab: changes.isLab ?? false,
      config: config({ name: changes.name ?? 'acme' }),
    })

  it('is what the file knows of this cluster in this cloud', async () => {
    await openState(stateDir).save(stored)
    assert.deepEqual((await read()).resources, { server: 42 })
  })

  it('never carries ids over to another cluster or another cloud', async () => {
    await openState(stateDir).save(stored)
    assert.deepEqual((await read({ name: 'other' })).resources, {})
    assert.deepEqual((await read({ endpoint: 'http://127.0.0.1:1/v1' })).resources, {})
  })

  it('stays with a lab that came back on another port', async () => {
    await openState(stateDir).save({ ...stored, endpoint: 'http://127.0.0.1:1/v1' })
    const state = await read({ endpoint: 'http://127.0.0.1:2/v1', isLab: true })
    assert.deepEqual(state.resources, { server: 42 })
    assert.equal(state.endpoint, 'http://127.0.0.1:2/v1')
  })

  it('does not forget an unfinished operation of another one', async () => {
    const operation = { kind: 'up' as const, run: 'r', startedAt: '2026-11-23T00:00:00Z', journal: [] }
    await openState(stateDir).save({ ...stored, operation })
    await assert.rejects(read({ name: 'other' }), {
      code: 'state-elsewhere',
      message: /"up" of the cluster "acme"/,
    })
    await openState(stateDir).save({ ...stored, operation, resources: {} })
    assert.equal((await read({ name: 'other' })).operation, null)
  })
})

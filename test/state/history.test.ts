import assert from 'node:assert/strict'
import { appendFileSync, mkdirSync, mkdtempSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProgressEvent } from '../../src/progress/events.ts'
import { historyFile, readHistory } from '../../src/state/index.ts'

describe('the history', () => {
  let dir: string
  beforeEach(() => {
    dir = join(mkdtempSync(join(tmpdir(), 'cosmos-history-')), '.cosmos')
  })
  afterEach(() => rmSync(join(dir, '..'), { recursive: true }))

  const line = (text: string): ProgressEvent => ({
    type: 'step-log',
    at: '2026-11-23T00:00:00Z',
    step: 's',
    line: text,
  })

  const write = (...events: ProgressEvent[]) => {
    mkdirSync(dir, { recursive: true })
    for (const event of events) appendFileSync(historyFile(dir), `${JSON.stringify(event)}\n`)
  }

  it('is empty before the first run', async () => assert.deepEqual(await readHistory(dir), []))

  it('reads what runs wrote, oldest first', async () => {
    const events = Array.from({ length: 50 }, (_, i) => line(`line ${i}`))
    write(...events)
    assert.deepEqual(await readHistory(dir), events)
  })

  it('survives a line that a killed run left half written', async () => {
    write(line('whole'))
    appendFileSync(historyFile(dir), '{"type":"st')
    assert.deepEqual(await readHistory(dir), [line('whole')])
  })
})

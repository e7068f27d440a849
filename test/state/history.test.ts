import assert from 'node:assert/strict'
import { appendFileSync, mkdtempSync, readFileSync, rmSync, statSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import type { ProgressEvent } from '../../src/progress/events.ts'
import { appendHistory, historyFile, readHistory } from '../../src/state/index.ts'

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

  it('is empty before the first run', async () => assert.deepEqual(await readHistory(dir), []))

  it('keeps the order, also of events written side by side', async () => {
    const events = Array.from({ length: 50 }, (_, i) => line(`line ${i}`))
    for (const event of events) await appendHistory(dir, event)
    assert.deepEqual(await readHistory(dir), events)
    await Promise.all(events.map(event => appendHistory(dir, event)))
    assert.equal((await readHistory(dir)).length, 100)
    assert.equal(statSync(historyFile(dir)).mode & 0o777, 0o600)
  })

  it('survives a line that a killed run left half written', async () => {
    await appendHistory(dir, line('whole'))
    appendFileSync(historyFile(dir), '{"type":"st')
    assert.deepEqual(await readHistory(dir), [line('whole')])
  })

  it('takes out what looks like a secret', async () => {
    await appendHistory(
      dir,
      line('git clone https://x:s3cret@github.com/a ghp_abcdefghijklmnopqrstuvwxyz0123456789 ok'),
    )
    await appendHistory(dir, line('-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY----- after'))
    const text = readFileSync(historyFile(dir), 'utf8')
    assert.doesNotMatch(text, /s3cret|ghp_|AAAA/)
    assert.match(text, /git clone https:\/\/\[secret\]@github\.com\/a \[secret\] ok/)
    assert.match(text, /\[secret\] after/)
  })
})

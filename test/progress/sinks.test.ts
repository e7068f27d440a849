import assert from 'node:assert/strict'
import { chmodSync, mkdtempSync, readFileSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { historySink, jsonSink, type ProgressEvent, plainSink } from '../../src/progress/index.ts'

const at = '2026-11-23T10:20:30.000Z'
const events: ProgressEvent[] = [
  { type: 'run-start', at, run: 'r1', command: 'up', cluster: 'acme', steps: [] },
  { type: 'step-start', at, step: 'create-volume', title: 'Create volume' },
  { type: 'step-progress', at, step: 'create-volume', message: '1 of 2 actions done' },
  { type: 'step-log', at, step: 'create-volume', line: 'mkfs.ext4' },
  {
    type: 'step-end',
    at,
    step: 'create-volume',
    title: 'Create volume',
    outcome: 'done',
    durationMs: 65_000,
    message: 'id 7',
  },
  {
    type: 'step-end',
    at,
    step: 'create-ip',
    title: 'Create Primary IP',
    outcome: 'skipped',
    durationMs: 0,
    message: 'already there',
  },
  { type: 'warning', at, message: 'rate limit is near' },
  {
    type: 'step-end',
    at,
    step: 'boot',
    title: 'Boot',
    outcome: 'failed',
    durationMs: 12_000,
    message: 'no answer',
  },
  { type: 'run-end', at, run: 'r1', outcome: 'failed', durationMs: 77_000, message: 'no answer' },
]

describe('plainSink', () => {
  it('writes one timestamped line for everything that happens', () => {
    let text = ''
    const sink = plainSink(more => {
      text += more
    })
    for (const event of events) sink.handle(event)
    assert.deepEqual(text.trimEnd().split('\n'), [
      '10:20:30 start Create volume',
      '10:20:30 ...   Create volume: 1 of 2 actions done',
      '10:20:30 |     mkfs.ext4',
      '10:20:30 ok    Create volume: id 7 (1m05s)',
      '10:20:30 skip  Create Primary IP: already there',
      '10:20:30 warn  rate limit is near',
      '10:20:30 FAIL  Boot: no answer (12s)',
      '10:20:30 failed after 1m17s',
    ])
  })
})

describe('jsonSink', () => {
  it('writes each event as one line', () => {
    const lines: string[] = []
    const sink = jsonSink(line => lines.push(line))
    for (const event of events) sink.handle(event)
    assert.deepEqual(
      lines.map(line => JSON.parse(line)),
      events,
    )
    assert(lines.every(line => line.indexOf('\n') === line.length - 1))
  })
})

describe('historySink', () => {
  let folder: string
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), 'cosmos-history-'))
  })
  afterEach(() => rmSync(folder, { recursive: true }))

  it('appends every event but the passing sentences, for the owner only', () => {
    const file = join(folder, '.cosmos', 'history.jsonl')
    for (let twice = 0; twice < 2; twice++) {
      const sink = historySink(file, assert.fail)
      for (const event of events) sink.handle(event)
    }
    const kept = readFileSync(file, 'utf8').trimEnd().split('\n')
    const expected = events.filter(event => event.type !== 'step-progress')
    assert.deepEqual(
      kept.map(line => JSON.parse(line)),
      [...expected, ...expected],
    )
    assert.equal(statSync(file).mode & 0o777, 0o600)
  })

  it('takes out what looks like a secret', () => {
    const file = join(folder, 'history.jsonl')
    const sink = historySink(file, assert.fail)
    const said = 'git clone https://x:s3cret@github.com/a ghp_abcdefghijklmnopqrstuvwxyz0123456789 ok'
    const message = '-----BEGIN PRIVATE KEY-----\nAAAA\n-----END PRIVATE KEY----- after'
    sink.handle({ type: 'step-log', at: '2026-11-23T00:00:00Z', step: 's', line: said })
    sink.handle({ type: 'warning', at: '2026-11-23T00:00:00Z', message })
    const text = readFileSync(file, 'utf8')
    assert.doesNotMatch(text, /s3cret|ghp_|AAAA/)
    assert.match(text, /git clone https:\/\/\[secret\]@github\.com\/a \[secret\] ok/)
    assert.match(text, /\[secret\] after/)
  })

  it('says once when it cannot write, and stops nothing', () => {
    const blocked = join(folder, 'blocked')
    writeFileSync(blocked, '')
    chmodSync(blocked, 0o400)
    const warnings: string[] = []
    const sink = historySink(join(blocked, 'history.jsonl'), message => warnings.push(message))
    for (const event of events) sink.handle(event)
    assert.equal(warnings.length, 1)
    assert.match(warnings[0] ?? '', /not kept in the history/)
  })
})

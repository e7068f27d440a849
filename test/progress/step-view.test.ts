import assert from 'node:assert/strict'
import { duration } from '../../src/progress/duration.ts'
import { printable } from '../../src/progress/printable.ts'
import { lineOf, type StepView } from '../../src/progress/step-view.ts'

const dim = (text: string) => `<${text}>`

describe('duration', () => {
  for (const [ms, text] of [
    [0, '0.0s'],
    [420, '0.4s'],
    [9_949, '9.9s'],
    [9_951, '10s'],
    [59_400, '59s'],
    [65_000, '1m05s'],
    [3_725_000, '1h02m'],
  ] as const) {
    it(`${ms} ms is ${text}`, () => assert.equal(duration(ms), text))
  }
})

describe('lineOf', () => {
  const rows: [string, StepView, string][] = [
    ['waiting', { title: 'Boot' }, 'Boot'],
    ['just begun', { title: 'Boot', startedAt: 9_500 }, 'Boot'],
    ['over a second', { title: 'Boot', startedAt: 8_000 }, 'Boot  <2s>'],
    ['with a sentence', { title: 'Boot', startedAt: 8_000, sentence: '1 of 2' }, 'Boot  <2s  1 of 2>'],
    [
      'done',
      { title: 'Boot', end: { outcome: 'done', durationMs: 1500, message: 'ready' } },
      'Boot  <1.5s  ready>',
    ],
    ['done at once', { title: 'Boot', end: { outcome: 'done', durationMs: 3 } }, 'Boot'],
    [
      'skipped',
      { title: 'Boot', end: { outcome: 'skipped', durationMs: 0, message: 'is up' } },
      'Boot  <is up>',
    ],
    [
      'failed',
      { title: 'Boot', end: { outcome: 'failed', durationMs: 9000, message: 'no' } },
      'Boot  <failed after 9.0s>',
    ],
  ]
  for (const [what, view, line] of rows) {
    it(`shows a step that is ${what}`, () => assert.equal(lineOf(view, 10_000, dim), line))
  }
})

describe('printable', () => {
  for (const [text, line] of [
    ['plain', 'plain'],
    ['\u001b[31mred\u001b[0m', 'red'],
    ['10%\r50%\r100%\r', '100%'],
    ['a\tb\u0007', 'a  b'],
    ['', ''],
  ] as const) {
    it(`${JSON.stringify(text)} becomes ${JSON.stringify(line)}`, () => assert.equal(printable(text), line))
  }
})

import assert from 'node:assert/strict'
import { countsOf } from '../../scripts/test-counts.ts'

describe('countsOf', () => {
  const rows: [string, string, { passed: number; failed: number; pending: number }][] = [
    [
      'several runs',
      '  12 passing (3s)\n  1 pending\n\n  5 passing (20ms)\n\nsuite test ended with 0\n',
      { passed: 17, failed: 0, pending: 1 },
    ],
    [
      'failures',
      '  3 passing (1m)\n  2 failing\n\n  1) a test\n\nsuite test ended with 2\n',
      { passed: 3, failed: 2, pending: 0 },
    ],
    [
      'colours',
      '\u001b[92m \u001b[0m\u001b[32m 7 passing\u001b[0m\u001b[90m (9ms)\u001b[0m\nsuite a ended with 0',
      { passed: 7, failed: 0, pending: 0 },
    ],
    [
      'an end without tests',
      'error TS2307\n\nsuite test ended with 2\n',
      { passed: 0, failed: 1, pending: 0 },
    ],
    ['a log cut off', '  3 passing (1s)\n', { passed: 3, failed: 1, pending: 0 }],
    [
      'the title of a test that speaks of passing',
      '    ✔ 4 passing cars\n  1 passing (1s)\nsuite t ended with 0',
      { passed: 1, failed: 0, pending: 0 },
    ],
  ]
  for (const [what, log, counts] of rows) {
    it(`counts ${what}`, () => assert.deepEqual(countsOf(log), counts))
  }
})

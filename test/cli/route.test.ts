import assert from 'node:assert/strict'
import { route } from '../../src/cli/route.ts'

const known = [
  { id: 'here', hidden: true },
  { id: 'up' },
  { id: 'lab:start' },
  { id: 'lab:stop' },
  { id: 'ssh' },
]

describe('route', () => {
  const rows: [string, string, string[]][] = [
    ['', 'here', []],
    ['--lab --json', 'here', ['--lab', '--json']],
    ['up', 'up', []],
    ['up --plan', 'up', ['--plan']],
    ['up extra', 'up', ['extra']],
    ['lab start --speed 4', 'lab:start', ['--speed', '4']],
    ['-c a.yaml up --plan', 'up', ['-c', 'a.yaml', '--plan']],
    ['--config a.yaml', 'here', ['--config', 'a.yaml']],
    ['--lab up --plan', 'up', ['--lab', '--plan']],
    ['ssh -- lab start', 'ssh', ['--', 'lab', 'start']],
    ['-- up', 'here', ['--', 'up']],
  ]
  for (const [line, id, rest] of rows) {
    it(`cosmos ${line}`, () => {
      assert.deepEqual(route(line.split(' ').filter(Boolean), known), { id, rest })
    })
  }

  const wrong: [string, RegExp][] = [
    ['upp', /There is no command 'upp'\. There are: up, lab, ssh\.$/],
    ['lab', /'lab' needs a second word\. There are: lab start, lab stop\.$/],
    ['lab run', /There is no command 'lab run'\. There are: lab start, lab stop\.$/],
  ]
  for (const [line, message] of wrong) {
    it(`cosmos ${line} says what there is`, () => {
      assert.throws(() => route(line.split(' '), known), { code: 'unknown-command', exitCode: 2, message })
    })
  }
})

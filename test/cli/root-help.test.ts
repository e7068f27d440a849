import assert from 'node:assert/strict'
import { mkdtempSync, rmSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { rootHelp } from '../../src/cli/root-help.ts'

const commands = {
  'lab:start': { id: 'lab:start', summary: 'Start the lab.' },
  doctor: { id: 'doctor', description: 'Look for what is wrong.\nAnd more.' },
  up: {
    id: 'up',
    summary: 'Make the machine that cosmos.yaml describes, or continue where an earlier run was cut off.',
  },
  here: { id: 'here', summary: 'Hidden.', hidden: true },
  init: { id: 'init', summary: 'Write cosmos.yaml.' },
}

describe('rootHelp', () => {
  let root: string
  before(() => {
    root = mkdtempSync(join(tmpdir(), 'cosmos-help-'))
    writeFileSync(join(root, 'oclif.manifest.json'), JSON.stringify({ commands }))
  })
  after(() => rmSync(root, { recursive: true }))

  it('lists what is not hidden, in the order in which it is met', () => {
    const lines = rootHelp(root).split('\n')
    const from = lines.indexOf('COMMANDS') + 1
    assert.deepEqual(lines.slice(from, from + 5), [
      '  init       Write cosmos.yaml.',
      '  up         Make the machine that cosmos.yaml describes, or continue where an',
      '             earlier run was cut off.',
      '  doctor     Look for what is wrong.',
      '  lab start  Start the lab.',
    ])
  })

  for (const columns of [80, 120]) {
    it(`keeps to ${columns} columns`, () => {
      const lines = rootHelp(root, columns).split('\n')
      assert.deepEqual(
        lines.filter(line => line.length > columns),
        [],
      )
    })
  }
})

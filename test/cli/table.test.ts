import assert from 'node:assert/strict'
import { tableLines } from '../../src/cli/table.ts'

describe('tableLines', () => {
  it('aligns columns, leaves no blanks at the end, and counts no colours', () => {
    assert.deepEqual(
      tableLines([
        ['NAME', 'TYPE', 'NOTE'],
        ['acme', '\u001b[32mcx23\u001b[39m', ''],
        ['a-longer-name', 'cx33', 'größer'],
      ]),
      ['NAME           TYPE  NOTE', 'acme           \u001b[32mcx23\u001b[39m', 'a-longer-name  cx33  größer'],
    )
  })

  it('makes nothing of nothing', () => assert.deepEqual(tableLines([]), []))
})

import assert from 'node:assert/strict'
import { wrapped } from '../../src/cli/wrapped.ts'

describe('wrapped', () => {
  for (const [text, width, lines] of [
    ['one two three', 7, ['one two', 'three']],
    ['one two', 80, ['one two']],
    ['unbreakable word', 5, ['unbreakable', 'word']],
    ['', 5, ['']],
  ] as const) {
    it(`"${text}" at ${width}`, () => assert.deepEqual(wrapped(text, width), lines))
  }
})

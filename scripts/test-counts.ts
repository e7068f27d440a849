import { stripVTControlCharacters } from 'node:util'

export type Counts = { passed: number; failed: number; pending: number }

/**
 * What the log of a suite says, over all of mocha's runs in it. A suite that ended badly without a failing test
 * (it did not compile, or nothing was found) counts as one failure, so that it cannot pass unseen.
 */
export function countsOf(log: string): Counts {
  const text = stripVTControlCharacters(log)
  const sum = (word: string) => {
    const lines = text.matchAll(new RegExp(`^ {2}(\\d+) ${word}( \\(.*\\))?$`, 'gm'))
    return [...lines].reduce((total, [, count]) => total + Number(count), 0)
  }
  const failed = sum('failing')
  const code = Number(text.match(/^suite \S+ ended with (\d+)$/m)?.[1] ?? 1)
  return { passed: sum('passing'), failed: failed === 0 && code !== 0 ? 1 : failed, pending: sum('pending') }
}

/** Sums what the suites of .ci/run wrote: `ci-summary.ts FOLDER`, one log per suite. Ends with 1 when anything failed. */
import { readdirSync, readFileSync } from 'node:fs'
import { join } from 'node:path'
import { countsOf } from './test-counts.ts'

const [folder] = process.argv.slice(2)
if (folder === undefined) throw new Error('usage: ci-summary.ts FOLDER')

let passed = 0
let failed = 0
console.log()
for (const file of readdirSync(folder).filter(name => name.endsWith('.log'))) {
  const counts = countsOf(readFileSync(join(folder, file), 'utf8'))
  passed += counts.passed
  failed += counts.failed
  const pending = counts.pending === 0 ? '' : `, ${counts.pending} skipped`
  console.log(`${file.replace('.log', '')}: ${counts.passed} passed, ${counts.failed} failed${pending}`)
}
console.log(`${passed} passed, ${failed} failed`)
process.exitCode = failed === 0 ? 0 : 1

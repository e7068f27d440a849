import { killAndContinue, writesOfFreshUp } from '../rehearsal/cut-off.ts'

describe('cosmos up, killed after each of its writes', function () {
  this.timeout(120_000)
  for (let count = 1; count <= writesOfFreshUp; count++) {
    it(`goes on after write ${count} without duplicates`, () => killAndContinue(count))
  }
})

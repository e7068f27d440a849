import assert from 'node:assert/strict'
import { SwapStage, strategies } from '../rehearsal/swap-stage.ts'

const swaps = 50
const types = ['cx23', 'cax11', 'cx33', 'cpx12'] as const

describe('fifty swaps in a row', function () {
  this.timeout(1_200_000)
  const stage = new SwapStage()
  before(() => stage.begin(['--seed', '50']))
  after(() => stage.close())

  it('leave the ledger whole, whatever strategy and type', async () => {
    for (let nth = 0; nth < swaps; nth++) {
      const strategy = strategies[nth % strategies.length] ?? 'replace'
      const type = types[nth % types.length] ?? 'cx23'
      const flags = [...stage.flagsFor(strategy), ...(strategy === 'rebuild' ? [] : ['--type', type])]
      const kept =
        strategy === 'rebuild'
          ? ['--type', (await stage.api('GET', '/servers')).servers[0].server_type.name]
          : []
      const { code, stdout, stderr } = await stage.swap(...flags, ...kept)
      assert.equal(code, 0, `swap ${nth + 1}, ${strategy}:\n${stdout}${stderr}`)
      await stage.assertWhole()
    }
    const { entries } = await stage.volumeReport()
    console.log(`      ${swaps} swaps, ${entries} entries in the ledger, none torn, none missing`)
  })
})

import assert from 'node:assert/strict'
import { chooseStrategy } from '../../../src/flows/swap/choose.ts'
import { expectedOutage, outageMessage, outageStep } from '../../../src/flows/swap/expected.ts'
import { planSwap, type SwapPlanInput } from '../../../src/flows/swap/plan.ts'
import { renderSwapPlan } from '../../../src/flows/swap/render-plan.ts'
import { stories } from '../../../src/flows/swap/story.ts'
import type { ProgressEvent } from '../../../src/progress/index.ts'
import { pricing, server, serverType, volume } from '../../fixtures/cloud.ts'

const cx23 = {
  location: 'nbg1',
  type: 'cx23',
  architecture: 'x86',
  monthlyNet: 5.49,
  hourlyNet: 0.008,
} as const
const cax21 = { ...cx23, type: 'cax21', architecture: 'arm', monthlyNet: 9.99, hourlyNet: 0.016 } as const

function plan(changes: Partial<SwapPlanInput> = {}) {
  return planSwap({
    cluster: 'acme',
    server: server(),
    volume: volume(),
    wanted: { strategy: 'auto', types: ['cx23'], image: 'ubuntu-24.04' },
    placements: [cx23],
    serverTypes: [serverType('cx23', { nbg1: true })],
    prices: pricing(),
    history: [],
    ...changes,
  })
}

function measured(strategy: 'replace' | 'rebuild' | 'recreate', ms: number): ProgressEvent {
  const at = '2026-11-24T00:00:00Z'
  const message = outageMessage(strategy, ms)
  return { type: 'step-end', at, step: outageStep, title: 'Measure', outcome: 'done', durationMs: 0, message }
}

describe('the strategy of a swap', () => {
  const types = ['cx23']
  const cases: [string, Parameters<typeof chooseStrategy>[0], string | undefined][] = [
    ['auto with stock', { wanted: 'auto', inStock: ['cx23'], types, currentType: 'cx23' }, 'replace'],
    ['auto without stock, same type', { wanted: 'auto', inStock: [], types, currentType: 'cx23' }, 'rebuild'],
    [
      'auto without stock, other type',
      { wanted: 'auto', inStock: [], types, currentType: 'cpx12' },
      undefined,
    ],
    ['replace without stock', { wanted: 'replace', inStock: [], types, currentType: 'cx23' }, undefined],
    [
      'rebuild to another type',
      { wanted: 'rebuild', inStock: ['cx23'], types, currentType: 'cpx12' },
      undefined,
    ],
    ['rebuild by name', { wanted: 'rebuild', inStock: ['cx23'], types, currentType: 'cx23' }, 'rebuild'],
    ['recreate only by name', { wanted: 'recreate', inStock: [], types, currentType: 'cx23' }, 'recreate'],
  ]
  for (const [name, input, strategy] of cases) {
    it(`${name}: ${strategy ?? 'none'}`, () => {
      const choice = chooseStrategy(input)
      assert.equal(choice?.strategy, strategy)
      if (choice !== undefined) assert.ok(choice.reasons.length > 0)
    })
  }
})

describe('the plan of a swap', () => {
  it('keeps the type, costs the same, and pays the second server once', () => {
    const { strategy, cost, to } = plan()
    assert.equal(strategy, 'replace')
    assert.deepEqual(to, { types: ['cx23'], image: 'ubuntu-24.04' })
    assert.equal(cost.monthlyDeltaNet, 0)
    assert.ok((cost.onceNet ?? 0) > 0.008)
  })

  it('says what another type costs more', () => {
    const { cost } = plan({ placements: [cax21], wanted: { strategy: 'auto', types: ['cax21'], image: 'x' } })
    assert.equal(cost.monthlyDeltaNet?.toFixed(2), '4.50')
  })

  it('has its outage from the table, then from the median of the last five', () => {
    assert.equal(expectedOutage('replace', []).source, 'table')
    const history = [90_000, 1, 40_000, 50_000, 45_000, 47_000].map(ms => measured('replace', ms))
    const expected = expectedOutage('replace', [...history, measured('rebuild', 9)])
    assert.deepEqual(expected, { outageMs: 45_000, source: 'history', runs: 5 })
  })

  it('expects the shortest outage of replace', () => {
    const [replace, rebuild, recreate] = (['replace', 'rebuild', 'recreate'] as const).map(
      each => expectedOutage(each, []).outageMs,
    ) as [number, number, number]
    assert.ok(replace < rebuild && rebuild < recreate)
  })

  it('refuses when nothing is possible, and names what is in stock', () => {
    const none = { placements: [], wanted: { strategy: 'auto', types: ['cpx12'], image: 'x' } } as const
    assert.throws(
      () => plan({ ...none, serverTypes: [serverType('cax11', { nbg1: true })] }),
      (error: { code: string; hint: string }) =>
        error.code === 'no-way-to-swap' && error.hint.includes('cosmos swap --type cax11'),
    )
  })

  it('reads as steps, outage, reasons and cost', () => {
    const text = renderSwapPlan(plan())
    assert.match(text, /Swap of acme by "replace":\n {2}from {2}acme/)
    assert.match(text, /why {3}a second cx23 can be had/)
    assert.match(text, /5\. Release the volume {2}\(outage\)/)
    assert.match(text, /Expected outage: 1m10s \(estimated; there is no history yet\)\./)
    assert.match(text, /POST \/volumes\/\{id\}\/actions\/detach/)
    assert.match(text, /Costs the same per month\. The second server: EUR 0\.0\d+ once\./)
  })

  it('releases the volume before anything is taken away, in every story', () => {
    for (const story of Object.values(stories)) {
      const ids = story.map(each => each.id)
      const release = ids.indexOf('release-volume')
      for (const id of ['power-off-old', 'move', 'detach-volume', 'delete-old', 'rebuild-server'])
        assert.ok(!ids.includes(id) || ids.indexOf(id) > release, id)
    }
  })
})

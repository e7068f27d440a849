import assert from 'node:assert/strict'
import { placements } from '../../../src/flows/up/placement.ts'
import { config, serverType } from '../../fixtures/cloud.ts'

const now = new Date('2026-11-23T00:00:00Z')

function found(...args: Parameters<typeof placements>): string[] {
  return placements(...args).map(each => `${each.type}@${each.location}`)
}

describe('placements', () => {
  it('goes through all types of a location before the next location', () => {
    const types = [
      serverType('cx23', { nbg1: true, fsn1: true }),
      serverType('cax11', { nbg1: true, fsn1: true }),
    ]
    assert.deepEqual(found(config(), types, now), ['cx23@nbg1', 'cax11@nbg1', 'cx23@fsn1', 'cax11@fsn1'])
  })

  it('leaves out what has no stock or is no longer offered', () => {
    const types = [
      serverType('cx23', { nbg1: false, fsn1: true }, '5', '2026-01-01T00:00:00Z'),
      serverType('cax11', { nbg1: true }),
    ]
    assert.deepEqual(found(config(), types, now), ['cax11@nbg1'])
  })

  it('stays where the volume is', () => {
    const types = [serverType('cx23', { nbg1: true, fsn1: true }), serverType('cax11', { nbg1: true })]
    assert.deepEqual(found(config(), types, now, 'fsn1'), ['cx23@fsn1'])
  })

  it('shows what could be had instead, cheapest first', () => {
    const types = [
      serverType('cx23', { nbg1: false, fsn1: false }),
      serverType('cax11', { nbg1: false }),
      serverType('cpx32', { nbg1: true }, '35.49'),
      serverType('cpx22', { nbg1: true }, '19.49'),
    ]
    assert.throws(() => placements(config(), types, now), {
      code: 'out-of-stock',
      details: [
        'In stock there now:',
        'cpx22    nbg1   x86     19.49 EUR/month',
        'cpx32    nbg1   x86     35.49 EUR/month',
      ],
    })
  })

  it('names the locations and types that do not exist', () => {
    const types = [serverType('cx23', { nbg1: true })]
    assert.throws(() => placements(config({ locations: ['mars1'] }), types, now), {
      code: 'unknown-location',
      message: /"mars1"/,
    })
    assert.throws(() => placements(config({ locations: ['nbg1'] }), types, now), {
      code: 'unknown-server-type',
      message: /"cax11"/,
    })
  })
})

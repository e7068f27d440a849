import assert from 'node:assert/strict'
import { nameFrom } from '../../../src/flows/init/gather.ts'
import { monthlyCosts } from '../../../src/flows/init/monthly-costs.ts'
import { neighbours, offersIn, recommended, usualLocation } from '../../../src/flows/init/offers.ts'
import { locations, pricing, serverType } from './catalogue.ts'

const names = (
  location: string,
  types = [serverType('big', 40), serverType('small', 4), serverType('mid', 7)],
) => offersIn(location, types).map(each => each.type)

describe('offers', () => {
  it('are in the order of price', () => assert.deepEqual(names('nbg1'), ['small', 'mid', 'big']))

  it('leave out what a location does not have or will not have for long', () => {
    const gone = serverType('gone', 1)
    for (const each of gone.locations)
      each.deprecation = { announced: '2026-01-01', unavailable_after: '2027-01-01' }
    assert.deepEqual(names('nbg1', [gone, serverType('a', 5)]), ['a'])
    assert.deepEqual(names('elsewhere'), [])
  })

  it('recommend the cheapest in stock that are big enough, of one architecture', () => {
    const types = [
      serverType('tiny', 1, { memory: 2 }),
      serverType('sold-out', 2, { inStock: false }),
      serverType('first', 3),
      serverType('arm', 4, { architecture: 'arm' }),
      ...[5, 6, 7].map(price => serverType(`x${price}`, price)),
    ]
    assert.deepEqual(recommended(offersIn('nbg1', types)), ['first', 'x5', 'x6'])
  })

  it('recommend something even when nothing is in stock', () => {
    assert.deepEqual(recommended(offersIn('nbg1', [serverType('a', 2, { inStock: false })])), ['a'])
    assert.deepEqual(recommended([]), [])
  })

  it('go to Nuremberg, or where there is stock', () => {
    assert.equal(usualLocation(locations, [serverType('a', 1)]), 'nbg1')
    assert.equal(usualLocation(locations, [serverType('a', 1, { at: ['hel1'] })]), 'hel1')
    assert.equal(usualLocation(locations, []), 'nbg1')
    assert.equal(usualLocation([], []), undefined)
  })

  it('stay in the country', () => {
    assert.deepEqual(neighbours('nbg1', locations), ['fsn1'])
    assert.deepEqual(neighbours('hel1', locations), [])
  })

  it('cost what server, address and volume cost together', () => {
    const [offer] = offersIn('nbg1', [serverType('a', 10)])
    assert.ok(offer)
    const { lines, total } = monthlyCosts(offer, 'nbg1', 20, pricing)
    assert.deepEqual(
      lines.map(each => each.what),
      ['Server a', 'Primary IPv4', 'Volume 20 GB'],
    )
    assert.deepEqual(
      lines.map(each => each.monthlyGross),
      [10, 0.6, 1.05],
    )
    assert.equal(total.toFixed(4), '11.6500')
  })
})

describe('the name that a folder suggests', () => {
  const cases: [folder: string, name: string][] = [
    ['acme', 'acme'],
    ['My Company_2', 'my-company-2'],
    ['--x--', 'x'],
    ['äöü', 'cosmos'],
    [`${'a'.repeat(62)}-b`, 'a'.repeat(62)],
  ]
  for (const [folder, name] of cases) it(`${folder} → ${name}`, () => assert.equal(nameFrom(folder), name))
})

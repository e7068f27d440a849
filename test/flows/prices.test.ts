import assert from 'node:assert/strict'
import { mkdirSync, mkdtempSync, rmSync, statSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { cachedPrices, pricesOf } from '../../src/flows/prices.ts'
import { createHetzner } from '../../src/hetzner/index.ts'
import { pricing } from './init/catalogue.ts'
import { type CloudServer, serveCloud, tokens } from './init/cloud-server.ts'

describe('the price cache', () => {
  let cloud: CloudServer
  let dir: string
  beforeEach(async () => {
    cloud = await serveCloud()
    dir = join(mkdtempSync(join(tmpdir(), 'cosmos-prices-')), '.cosmos')
  })
  afterEach(() => {
    cloud.close()
    rmSync(join(dir, '..'), { recursive: true })
  })

  const at = (time: string) => () => new Date(time)
  const ask = (time: string, endpoint = cloud.endpoint) =>
    pricesOf(createHetzner({ endpoint: cloud.endpoint, token: tokens.good }), {
      dir,
      endpoint,
      now: at(time),
    })

  it('asks once a day', async () => {
    assert.deepEqual(await ask('2026-11-23T10:00:00Z'), pricing)
    assert.deepEqual(await ask('2026-11-24T09:59:00Z'), pricing)
    assert.equal(cloud.calls.length, 1)
    await ask('2026-11-24T10:00:00Z')
    assert.equal(cloud.calls.length, 2)
    assert.equal(statSync(join(dir, 'prices.json')).mode & 0o777, 0o600)
  })

  it('never takes one cloud for another, and keeps both', async () => {
    await ask('2026-11-23T10:00:00Z')
    await ask('2026-11-23T10:00:00Z', 'https://other.example/v1')
    assert.equal(cloud.calls.length, 2)
    await ask('2026-11-23T10:01:00Z')
    assert.equal(cloud.calls.length, 2)
  })

  it('does not trust a list from the future', async () => {
    await ask('2027-01-01T00:00:00Z')
    await ask('2026-11-23T10:00:00Z')
    assert.equal(cloud.calls.length, 2)
  })

  it('can be looked at without any call, for a month', async () => {
    const { endpoint } = cloud
    assert.equal(await cachedPrices({ dir, endpoint }), undefined)
    await ask('2026-11-01T00:00:00Z')
    assert.deepEqual(await cachedPrices({ dir, endpoint, now: at('2026-11-30T00:00:00Z') }), pricing)
    assert.equal(await cachedPrices({ dir, endpoint, now: at('2026-12-02T00:00:00Z') }), undefined)
    assert.equal(cloud.calls.length, 1)
  })

  for (const broken of ['', '[]', 'null', '{"x":', '{"ENDPOINT":{}}', '{"ENDPOINT":null}']) {
    it(`is fetched again when the file holds ${broken || 'nothing'}`, async () => {
      mkdirSync(dir)
      writeFileSync(join(dir, 'prices.json'), broken.replace('ENDPOINT', cloud.endpoint))
      assert.deepEqual(await ask('2026-11-23T10:00:00Z'), pricing)
    })
  }
})

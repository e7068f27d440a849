import { deepEqual, equal, match, notEqual, ok } from 'node:assert/strict'
import { freshPublicKey, outcome } from './fixtures.ts'
import { type Body, endAll, type TestLab, testLab } from './lab.ts'

describe('lab: conventions of the API', () => {
  let lab: TestLab
  before(async () => {
    lab = await testLab({ limits: { ssh_keys: 1000 } })
    for (let n = 1; n <= 60; n++) {
      const labels = { nr: String(n), ...(n % 2 === 0 && { even: '' }), env: n <= 10 ? 'prod' : 'dev' }
      await lab.post('/ssh_keys', { name: `key-${n}`, public_key: freshPublicKey(), labels })
    }
  })
  after(() => lab.end())

  const names = async (query: string) =>
    (await lab.get(`/ssh_keys?${query}`)).ssh_keys.map((key: Body) => key.name)

  it('pages: 25 unless asked, at most 50, with meta and Link', async () => {
    equal((await names('')).length, 25)
    equal((await names('per_page=100')).length, 50)
    const reply = await lab.ask('GET', '/ssh_keys?page=2&per_page=20&sort=id%3Aasc')
    deepEqual(reply.body.meta.pagination, {
      page: 2,
      per_page: 20,
      previous_page: 1,
      next_page: 3,
      last_page: 3,
      total_entries: 60,
    })
    equal(reply.body.ssh_keys[0].name, 'key-21')
    match(
      reply.headers.get('link') ?? '',
      /page=1[^>]*>; rel="prev", <[^>]*page=3[^>]*>; rel="next", <[^>]*>; rel="last"/,
    )
    equal((await lab.ask('GET', '/ssh_keys?page=9')).body.ssh_keys.length, 0)
    equal(await outcome(lab, 'GET', '/ssh_keys?page=0'), '422 invalid_input')
    equal(await outcome(lab, 'GET', '/ssh_keys?per_page=x'), '422 invalid_input')
  })

  it('sorts by the fields it knows and ignores the others', async () => {
    deepEqual(await names('sort=name:desc&per_page=2'), ['key-9', 'key-8'])
    deepEqual(await names('sort=nonsense&sort=id:sideways&per_page=2'), ['key-1', 'key-2'])
    deepEqual(await names('sort=id:desc&per_page=1'), ['key-60'])
  })

  it('filters by exact name and by fingerprint', async () => {
    deepEqual(await names('name=key-1'), ['key-1'])
    deepEqual(await names('name=key'), [])
    const { fingerprint } = (await lab.get('/ssh_keys?name=key-7')).ssh_keys[0]
    match(fingerprint, /^([0-9a-f]{2}:){15}[0-9a-f]{2}$/)
    deepEqual(await names(`fingerprint=${encodeURIComponent(fingerprint)}`), ['key-7'])
  })

  const selectors: [string, number][] = [
    ['nr=7', 1],
    ['constructor', 0],
    ['!toString', 60],
    ['nr==7', 1],
    ['nr!=7', 59],
    ['absent!=x', 60],
    ['even', 30],
    ['!even', 30],
    ['even=', 30],
    ['nr in (1,2,99)', 2],
    ['nr notin (1,2)', 58],
    ['absent notin (a)', 60],
    ['env=prod,even', 5],
    ['env in (prod, dev),nr in (3, 4),!even', 1],
    ['', 60],
  ]
  for (const [selector, count] of selectors) {
    it(`selects ${count} of 60 by "${selector}"`, async () => {
      const { meta } = await lab.get(`/ssh_keys?label_selector=${encodeURIComponent(selector)}`)
      equal(meta.pagination.total_entries, count)
    })
  }
  for (const selector of ['a=b=c', 'nr in 1,2', '=x', 'a b', '-a=1', 'a=-', 'x/y/z']) {
    it(`refuses the selector "${selector}"`, async () => {
      equal(
        await outcome(lab, 'GET', `/ssh_keys?label_selector=${encodeURIComponent(selector)}`),
        '422 invalid_input',
      )
    })
  }

  const badLabels: [string, unknown][] = [
    ['a list', []],
    ['a number as value', { a: 1 }],
    ['a key of 64 characters', { ['k'.repeat(64)]: '' }],
    ['the reserved prefix', { 'hetzner.cloud/x': '' }],
    ['a value with a space', { a: 'b c' }],
    ['a value of 64 characters', { a: 'v'.repeat(64) }],
    ['an empty prefix', { '/x': '' }],
  ]
  for (const [what, labels] of badLabels) {
    it(`refuses labels: ${what}`, async () => {
      const body = { name: 'labels', public_key: freshPublicKey(), labels }
      equal(await outcome(lab, 'POST', '/ssh_keys', body), '422 invalid_input')
    })
  }

  it('replaces the whole set of labels', async () => {
    const [key] = (await lab.get('/ssh_keys?name=key-5')).ssh_keys
    const { body } = await lab.ask('PUT', `/ssh_keys/${key.id}`, { labels: { 'cosmos.dev/x': 'y' } })
    deepEqual(body.ssh_key.labels, { 'cosmos.dev/x': 'y' })
    equal(body.ssh_key.name, 'key-5')
  })

  it('wants a token', async () => {
    const none = await lab.ask('GET', '/servers', undefined, '')
    equal(none.status, 401)
    deepEqual(none.body.error, { code: 'unauthorized', message: 'token is required', details: null })
    const wrong = await lab.ask('GET', '/servers', undefined, 'x'.repeat(64))
    equal(wrong.body.error.message, 'the token you have provided is invalid')
    equal(lab.info.token.length, 64)
  })

  it('lets a read-only token read, and nothing else', async () => {
    const { readonlyToken } = lab.info
    equal((await lab.ask('GET', '/servers', undefined, readonlyToken)).status, 200)
    const reply = await lab.ask('POST', '/ssh_keys', { name: 'x' }, readonlyToken)
    deepEqual([reply.status, reply.body.error.code], [401, 'token_readonly'])
    equal((await lab.ask('POST', '/_lab/stop', {}, readonlyToken)).status, 401)
  })

  const refusals: [string, string, string, unknown?][] = [
    ['GET', '/nonsense', '404 not_found'],
    ['GET', '/servers/abc', '404 not_found'],
    ['GET', '/servers/9007199254740993', '404 not_found'],
    ['GET', '/servers/99999999999999999999999', '404 not_found'],
    ['GET', '/servers/0', '404 not_found'],
    ['PATCH', '/servers', '405 method_not_allowed'],
    ['DELETE', '/pricing', '405 method_not_allowed'],
    ['POST', '/servers', '400 json_error', '{"name":'],
    ['POST', '/servers', '400 json_error', '[1]'],
    ['POST', '/servers', '422 invalid_input', {}],
    [
      'POST',
      '/servers',
      '422 invalid_input',
      { name: 7, server_type: {}, image: true, labels: 3, volumes: 'x' },
    ],
    ['POST', '/volumes', '422 invalid_input', { name: 'v', size: '10', location: 'fsn1' }],
    ['POST', '/volumes', '422 invalid_input', '{"name":"v","size":10,"server":9007199254740993}'],
    [
      'POST',
      '/servers',
      '422 invalid_input',
      { name: 's', server_type: 'cx23', image: 'debian-13', volumes: [7, 7] },
    ],
    ['POST', '/_lab/limits', '422 invalid_input', { toString: 1 }],
    ['GET', '/actions', '422 invalid_input'],
    ['GET', '/datacenters', '410 deprecated_api_endpoint'],
    ['GET', '/datacenters/4', '410 deprecated_api_endpoint'],
    ['POST', '/networks', '422 unsupported_error', { name: 'n' }],
    ['POST', '/load_balancers', '422 unsupported_error', { name: 'n' }],
    ['GET', '/isos/7', '404 not_found'],
  ]
  for (const [method, path, wanted, body] of refusals) {
    it(`answers ${wanted} to ${method} ${path} ${body === undefined ? '' : JSON.stringify(body)}`, async () => {
      equal(await outcome(lab, method, path, body), wanted)
    })
  }

  it('refuses a body that is far too large', async () => {
    const reply = await lab
      .ask('POST', '/servers', { user_data: 'x'.repeat(3_000_000) })
      .catch(error => error)
    ok(reply instanceof Error || reply.status === 413)
    equal(await outcome(lab, 'GET', '/servers'), '200')
  })

  it('names every wrong field at once', async () => {
    const { body } = await lab.ask('POST', '/servers', { name: 'a_b', image: '' })
    const fields = body.error.details.fields.map((field: Body) => field.name)
    deepEqual(fields.sort(), ['image', 'name', 'server_type'])
  })

  it('lists empty what it does not have', async () => {
    for (const kind of [
      'networks',
      'placement_groups',
      'load_balancers',
      'isos',
      'floating_ips',
      'certificates',
    ]) {
      const body = await lab.get(`/${kind}?name=x`)
      deepEqual([body[kind], body.meta.pagination.total_entries], [[], 0])
    }
  })

  it('says who asked, how many requests are left, and sends JSON', async () => {
    const [one, other] = [await lab.ask('GET', '/locations'), await lab.ask('GET', '/locations')]
    match(one.headers.get('x-correlation-id') ?? '', /^[0-9a-f]{16}$/)
    notEqual(one.headers.get('x-correlation-id'), other.headers.get('x-correlation-id'))
    equal(one.headers.get('ratelimit-limit'), '3600')
    equal(
      Number(one.headers.get('ratelimit-remaining')) - Number(other.headers.get('ratelimit-remaining')),
      1,
    )
    match(one.headers.get('content-type') ?? '', /^application\/json/)
  })

  it('prices as hcloud-go needs them', async () => {
    const { pricing } = await lab.get('/pricing')
    ok(pricing.floating_ips.length >= pricing.primary_ips.length)
    const cx23 = pricing.server_types.find((type: Body) => type.name === 'cx23')
    equal(cx23.prices[0].price_monthly.net, '5.4900000000')
    match(cx23.prices[0].price_monthly.gross, /^6\.533\d{13}$/)
  })
})

describe('lab: rate limit', () => {
  afterEach(endAll)
  it('runs out, counts calls without a token, and fills up by one a second', async () => {
    const lab = await testLab({ limits: { requests_per_hour: 3600 } })
    for (let n = 0; n < 3600; n += 200)
      await Promise.all(
        Array.from({ length: 200 }, (_, k) =>
          lab.ask('GET', '/locations/1', undefined, k === 0 ? '' : undefined),
        ),
      )
    const reply = await lab.ask('GET', '/locations')
    deepEqual([reply.status, reply.body.error.code], [429, 'rate_limit_exceeded'])
    equal(reply.headers.get('ratelimit-remaining'), '0')
    await lab.clock.step(2000)
    equal(await outcome(lab, 'GET', '/locations'), '200')
    equal(await outcome(lab, 'GET', '/locations'), '200')
    equal(await outcome(lab, 'GET', '/locations'), '429 rate_limit_exceeded')
    await lab.end()
  })
})

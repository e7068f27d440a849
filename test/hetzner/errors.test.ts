import assert from 'node:assert/strict'
import { inspect } from 'node:util'
import { createHetzner, HetznerError } from '../../src/hetzner/index.ts'
import { failure, type Reply, reset, scripted, text, token } from './scripted-server.ts'

const body = { name: 'one', server_type: 'cx23', image: 'ubuntu-24.04' }

async function failedCreate(...replies: Reply[]): Promise<HetznerError> {
  const api = await scripted(replies)
  return caught(api.hetzner.servers.create(body))
}

async function caught(promise: Promise<unknown>): Promise<HetznerError> {
  const error = await promise.then(
    () => assert.fail('should have failed'),
    error => error,
  )
  assert(error instanceof HetznerError, inspect(error))
  return error
}

describe('errors of the Hetzner API', () => {
  const cases: [number, string, string, RegExp, RegExp][] = [
    [
      401,
      'unauthorized',
      'the token you have provided is invalid',
      /does not accept the API token/,
      /Read & Write/,
    ],
    [401, 'token_readonly', 'token is read-only', /may only read/, /Read & Write/],
    [403, 'resource_limit_exceeded', 'server limit exceeded', /server limit exceeded/, /Request change/],
    [
      412,
      'resource_unavailable',
      'error during placement',
      /no capacity.*error during placement/,
      /server types/,
    ],
    [422, 'no_space_left_in_location', 'x', /no room for the volume/, /another location/],
    [423, 'protected', 'server is protected', /protected/, /protection off/],
    [409, 'uniqueness_error', 'server name is already used', /already used/, /another name/],
    [410, 'deprecated_api_endpoint', 'gone', /switched off/, /npm install/],
    [403, 'maintenance', 'x', /maintenance/, /status\.hetzner\.com/],
    [403, 'forbidden', 'insufficient permissions', /insufficient permissions/, /permissions/],
    [422, 'server_not_stopped', 'x', /must be off/, /cosmos status/],
    [422, 'must_be_unassigned', 'x', /still belongs/, /again/],
    [422, 'resource_in_use', 'firewall with ID 7 is still in use', /still in use/, /again/],
    [423, 'resource_locked', 'contact support', /locked/, /support/],
  ]
  for (const [status, code, message, says, hints] of cases) {
    it(`explains ${code} and does not repeat the call`, async () => {
      const api = await scripted([failure(status, code, message)])
      const error = await caught(api.hetzner.servers.create(body))
      assert.equal(api.seen.length, 1)
      assert.equal(error.apiCode, code)
      assert.equal(error.code, code.replaceAll('_', '-'))
      assert.equal(error.status, status)
      assert.equal(error.outcome, 'not-done')
      assert.match(error.message, says)
      assert.match(error.hint ?? '', hints)
    })
  }

  it('keeps the correlation id for the support', async () => {
    const error = await failedCreate(failure(412, 'resource_unavailable'))
    assert.equal(error.correlationId, 'c0ffee')
    assert.deepEqual(error.details, ['POST /servers → 412 resource_unavailable', 'Correlation id: c0ffee'])
  })

  it('names the fields of invalid input', async () => {
    const fields = [
      { name: 'user_data', messages: ['Length must be between 0 and 32768.'] },
      { name: 'name' },
    ]
    const error = await failedCreate(failure(422, 'invalid_input', 'invalid input', { fields }))
    assert.match(error.message, /user_data: Length must be between 0 and 32768\.; name/)
  })

  it('names the limits of a quota and the announcement of a removed route', async () => {
    const limits = [{ name: 'server_limit' }]
    assert.match(
      (await failedCreate(failure(403, 'resource_limit_exceeded', 'x', { limits }))).message,
      /server_limit/,
    )
    const announcement = 'https://docs.hetzner.cloud/changelog#x'
    const gone = await failedCreate(failure(410, 'deprecated_api_endpoint', 'x', { announcement }))
    assert.match(gone.message, /changelog#x/)
  })

  it('says a code it does not know in the words of the API', async () => {
    const error = await failedCreate(failure(422, 'brand_new_code', 'the moon is full.'))
    assert.equal(error.apiCode, 'brand_new_code')
    assert.equal(error.message, 'Hetzner refused: the moon is full (brand_new_code).')
  })

  it('is not fooled by a code that is a word of JavaScript', async () => {
    for (const code of ['constructor', '__proto__', 'toString']) {
      assert.match((await failedCreate(failure(422, code, 'x'))).message, /^Hetzner refused: x/)
    }
  })

  const garbage: [string, Reply][] = [
    ['HTML with 200', text('<html>Please log in</html>')],
    ['HTML with 404', text('<html>not here</html>', 404)],
    ['a JSON list', { json: [1] }],
    ['JSON null', { json: null }],
    ['JSON that breaks off', text('{"server": {"id": 1')],
    ['an error without a code', { status: 400, json: { error: 'no' } }],
    ['a redirect', { status: 302, headers: { location: 'http://127.0.0.1:1/steal' } }],
    ['no HTTP at all', response => response.socket?.end('SSH-2.0-OpenSSH_9.2\r\n')],
    ['an answer without what was asked for', { json: { something: {} } }],
    ['nothing', { status: 200 }],
  ]
  for (const [name, reply] of garbage) {
    it(`takes ${name} as garbage`, async () => {
      const error = await failedCreate(reply)
      assert.equal(error.apiCode, 'garbage')
      assert.match(error.hint ?? '', /HCLOUD_ENDPOINT/)
    })
  }

  it('does not take a web page with 404 for "there is none"', async () => {
    const api = await scripted([text('<html>', 404)])
    assert.equal((await caught(api.hetzner.servers.get(1))).apiCode, 'garbage')
  })

  it('does not know whether a create was done when its answer is garbage', async () => {
    assert.equal((await failedCreate(text('<html>'))).outcome, 'unknown')
  })
})

describe('a network that fails', () => {
  const to = (endpoint: string) => createHetzner({ endpoint, token, sleep: async () => undefined })

  it('says that nobody is there, after three tries', async () => {
    const api = await scripted([])
    await api.close()
    const calls: number[] = []
    const hetzner = createHetzner({
      endpoint: `http://127.0.0.1:${api.port}/v1`,
      token,
      sleep: async () => undefined,
      onCall: call => calls.push(call.attempt),
    })
    const error = await caught(hetzner.servers.create(body))
    assert.equal(error.apiCode, 'network_refused')
    assert.equal(error.outcome, 'not-done')
    assert.equal(error.status, undefined)
    assert.match(error.hint ?? '', /cosmos lab start/)
    assert.deepEqual(calls, [1, 2, 3])
  })

  it('says that the name does not resolve', async () => {
    const error = await caught(to('http://no-such-host.invalid/v1').locations.list())
    assert.equal(error.apiCode, 'network_dns')
  })

  it('says that the other side speaks no TLS, and does not try again', async () => {
    const api = await scripted([{}])
    const error = await caught(to(`https://127.0.0.1:${api.port}/v1`).locations.list())
    assert.equal(error.apiCode, 'network_tls')
  })
})

describe('the token', () => {
  const everything = (error: unknown) =>
    `${inspect(error, { depth: 20, showHidden: true })} ${JSON.stringify(error)}`

  it('is in no error, whatever went wrong', async () => {
    const echo = `you sent ${token}`
    const replies: Reply[] = [
      failure(401, 'unauthorized', echo),
      failure(422, token, echo, { fields: [{ name: token, messages: [echo] }] }),
      text(echo, 400),
      { status: 400, json: { error: { code: 'x', message: echo } }, headers: { 'x-correlation-id': token } },
      reset,
    ]
    for (const reply of replies) {
      const error = await failedCreate(reply)
      assert(!everything(error).includes(token), everything(error))
    }
  })

  it('is not in the client as it prints', async () => {
    assert(!everything(createHetzner({ token })).includes(token))
  })

  it('is refused when it cannot be one, without being repeated', () => {
    for (const bad of ['', '  ', 'two words', 'line\nbreak', 'tökén']) {
      assert.throws(
        () => createHetzner({ token: bad }),
        (error: Error & { code?: string }) =>
          error.code === 'token-malformed' && !(bad.trim() && error.message.includes(bad)),
      )
    }
  })

  it('goes out as a bearer, freed from the spaces of a copy', async () => {
    const api = await scripted([{ json: { pricing: {} } }], {
      token: ` ${token}\n`,
      userAgent: 'cosmos/1.2',
    })
    await api.hetzner.pricing.get()
    assert.equal(api.seen[0]?.headers.authorization, `Bearer ${token}`)
    assert.equal(api.seen[0]?.headers['user-agent'], 'cosmos/1.2')
  })
})

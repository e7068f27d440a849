import assert from 'node:assert/strict'
import { createServer, type Server, type ServerResponse } from 'node:http'
import type { AddressInfo } from 'node:net'
import type { ConfigInput } from '../../src/config/schema.ts'
import type { Finding } from '../../src/flows/doctor/finding.ts'
import { GitopsProject } from '../rehearsal/gitops-project.ts'

/** What the Git host answers, by path. */
type Host = Record<string, { status: number; headers?: Record<string, string>; body?: unknown }>

const followed: Partial<ConfigInput> = {
  apps: { images: [{ application: 'web', image: 'ghcr.io/acme/web' }] },
}
const read = '/acme/infra.git/info/refs?service=git-upload-pack'
const write = '/acme/infra.git/info/refs?service=git-receive-pack'
const pull = '/token?service=ghcr.io&scope=repository%3Aacme%2Fweb%3Apull'
const days = (count: number) => new Date(Date.now() + count * 86_400_000).toISOString()
const expiry = (count: number) => `${days(count).slice(0, 19).replace('T', ' ')} UTC`
const user = (headers: Record<string, string> = {}) => ({ status: 200, headers, body: { login: 'acme' } })
const good: Host = {
  '/user': user({
    'x-oauth-scopes': 'repo, read:packages',
    'github-authentication-token-expiration': expiry(200),
  }),
  [read]: { status: 200 },
  [write]: { status: 200 },
  [pull]: { status: 200, body: { token: 'x' } },
}

describe('cosmos doctor', function () {
  this.timeout(60_000)
  let server: Server
  let host: Host = good
  let asked: { url: string; authorization: string }[] = []
  let project: GitopsProject
  before(async () => {
    server = createServer((request, response) => {
      const { url = '', headers } = request
      asked.push({ url, authorization: headers.authorization ?? String(headers['private-token']) })
      answer(response, host[url])
    })
    await new Promise<void>(resolve => server.listen(0, '127.0.0.1', resolve))
    project = await GitopsProject.make(followed)
    await project.opened(['gitops', 'init'])
  })
  after(() => {
    server.close()
    project.remove()
  })

  async function examine(
    answers: Host,
    env: Record<string, string> = {},
  ): Promise<{ code: number | null; text: string; by: (what: string) => Finding | undefined }> {
    host = answers
    asked = []
    const base = `http://127.0.0.1:${(server.address() as AddressInfo).port}`
    const bases = { COSMOS_GIT_API: base, COSMOS_GIT_HOST: base, COSMOS_REGISTRY: base, ...env }
    const { code, stdout, stderr } = await project.opened(['doctor', '--json'], bases)
    const findings: Finding[] = JSON.parse(stdout.trim().split('\n').at(-1) ?? '{}').findings
    assert.doesNotMatch(stdout + stderr, /SECRET/)
    return { code, text: stdout, by: what => findings.find(each => each.what.startsWith(what)) }
  }

  it('finds nothing wrong where nothing is, and asks with the token of the vault', async () => {
    const { code, by } = await examine(good)
    assert.equal(code, 0)
    for (const what of [
      'Applications',
      'Sealing key',
      'Git token',
      'Read the',
      'Write to',
      'Read ghcr.io/acme/web',
    ])
      assert.equal(by(what)?.state, 'ok', what)
    const basic = `Basic ${Buffer.from('x-access-token:SECRET-git').toString('base64')}`
    assert.deepEqual(
      asked.map(each => [each.url, each.authorization]).sort(),
      [
        ['/user', 'Bearer SECRET-git'],
        [read, basic],
        [write, basic],
        [pull, basic],
      ].sort(),
    )
  })

  it('says that a token is expired or revoked', async () => {
    const { code, by } = await examine({ ...good, '/user': { status: 401 }, [read]: { status: 401 } })
    assert.equal(code, 4)
    assert.match(by('Git token')?.message ?? '', /expired, revoked/)
    assert.equal(by('Read the')?.state, 'failed')
  })

  it('warns two weeks before a token expires', async () => {
    const { code, by } = await examine({
      ...good,
      '/user': user({ 'github-authentication-token-expiration': expiry(3) }),
    })
    assert.equal(code, 0)
    assert.deepEqual(
      [by('Git token')?.state, by('Git token')?.message],
      ['warning', `expires on ${days(3).slice(0, 10)}`],
    )
  })

  for (const [what, answers, finding, message] of [
    ['the scope', { '/user': user({ 'x-oauth-scopes': 'read:packages' }) }, 'Rights', /missing: repo/],
    ['the right to write', { [write]: { status: 403 } }, 'Write to', /cannot commit new tags/],
    ['the right to read images', { [pull]: { status: 403 } }, 'Read ghcr.io', /lacks read:packages/],
    ['the repository', { [read]: { status: 404 } }, 'Read the', /Argo CD cannot follow it/],
  ] as const) {
    it(`names what is missing: ${what}`, async () => {
      const { code, by } = await examine({ ...good, ...answers })
      assert.equal(code, 4)
      assert.equal(by(finding)?.state, 'failed')
      assert.match(by(finding)?.message ?? '', message)
      assert.ok(by(finding)?.hint)
    })
  }

  it('says what it could not check without a network, and does not call it a failure', async () => {
    const closed = 'http://127.0.0.1:9'
    const { code, by } = await examine(good, {
      ...{ COSMOS_GIT_API: closed, COSMOS_GIT_HOST: closed, COSMOS_REGISTRY: closed },
    })
    assert.equal(code, 0)
    for (const what of ['Git token', 'Read the', 'Write to', 'Read ghcr.io'])
      assert.match(by(what)?.message ?? '', /not checked: 127\.0\.0\.1:9 cannot be reached/)
    assert.equal(by('Sealing key')?.state, 'ok')
  })

  it('takes an outage of the host for unknown, not for a refusal', async () => {
    const { code, by } = await examine({ ...good, [read]: { status: 503 }, '/user': { status: 500 } })
    assert.equal(code, 0)
    assert.equal(by('Read the')?.state, 'unknown')
    assert.equal(by('Git token')?.state, 'unknown')
  })

  it('asks GitLab in its own words', async () => {
    project.declare({ ...followed, git: { url: 'https://gitlab.com/acme/infra' } })
    const self = '/personal_access_tokens/self'
    const body = { scopes: ['read_repository'], expires_at: days(-1).slice(0, 10) }
    const { by } = await examine({ ...good, [self]: { status: 200, body } })
    assert.match(by('Git token')?.message ?? '', /^expired on/)
    assert.match(by('Rights')?.message ?? '', /missing: write_repository/)
    project.declare(followed)
  })

  it('points at the folder and the key, too', async () => {
    project.put('broken.yaml', 'a: [')
    const { code, by } = await examine(good)
    assert.equal(code, 4)
    assert.match(by('Applications')?.message ?? '', /1 to mend/)
  })
})

function answer(
  response: ServerResponse,
  { status, headers = {}, body }: Host[string] = { status: 418 },
): void {
  response.writeHead(status, { ...headers, 'content-type': 'application/json' })
  response.end(JSON.stringify(body ?? {}))
}

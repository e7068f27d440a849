import { type Answer, ask } from './ask.ts'
import { type Finding, failed, ok, unknown, warning } from './finding.ts'

const what = 'Git token'
const renew =
  'Make a new one at the Git host, then: cosmos vault edit (git.token), cosmos gitops init, cosmos up'
const soonMs = 14 * 86_400_000

export type TokenQuestion = {
  /** `git.url` of cosmos.yaml. */
  url: string
  token: string
  /** Whether commits are written with it. */
  writes: boolean
  now: Date
  /** Base URL of the host's API, instead of the usual one. */
  api?: string | undefined
  signal: AbortSignal
}

/** What the host's API says about the token itself: valid, until when, which scopes. Empty where a host has no such API. */
export async function tokenFindings(question: TokenQuestion): Promise<Finding[]> {
  const { hostname } = new URL(question.url)
  if (hostname === 'github.com') return github(question)
  if (hostname === 'gitlab.com' || hostname.startsWith('gitlab.')) return gitlab(question)
  return []
}

/** GitHub says expiry and, for classic tokens, scopes in headers of every answer: https://docs.github.com/en/rest/authentication */
async function github({ token, writes, now, api, signal }: TokenQuestion): Promise<Finding[]> {
  const answer = await ask(
    `${api ?? 'https://api.github.com'}/user`,
    { authorization: `Bearer ${token}`, accept: 'application/vnd.github+json' },
    signal,
  )
  const refused = refusal(answer)
  if (refused !== undefined || !answer.reached) return [refused ?? unknown(what, 'not checked')]
  const scopes = answer.headers.get('x-oauth-scopes')
  const expires = answer.headers.get('github-authentication-token-expiration')
  const found = [
    validity(expires === null ? undefined : new Date(expires.replace(' UTC', 'Z').replace(' ', 'T')), now),
  ]
  if (!scopes) return found
  const held = scopes.split(',').map(scope => scope.trim())
  const missing = writes && !held.includes('repo') && !held.includes('public_repo') ? ['repo'] : []
  return missing.length === 0 ? found : [...found, lacking(missing)]
}

/** https://docs.gitlab.com/api/personal_access_tokens/#self-inform */
async function gitlab({ url, token, writes, now, api, signal }: TokenQuestion): Promise<Finding[]> {
  const base = api ?? `${new URL(url).origin}/api/v4`
  const answer = await ask(`${base}/personal_access_tokens/self`, { 'private-token': token }, signal)
  const refused = refusal(answer)
  if (refused !== undefined || !answer.reached) return [refused ?? unknown(what, 'not checked')]
  const { scopes = [], expires_at: expires } = answer.body as {
    scopes?: string[]
    expires_at?: string | null
  }
  const found = [validity(expires ? new Date(expires) : undefined, now)]
  const wanted = writes ? 'write_repository' : 'read_repository'
  const enough = scopes.includes('api') || scopes.includes(wanted) || scopes.includes('write_repository')
  return enough ? found : [...found, lacking([wanted])]
}

function refusal(answer: Answer): Finding | undefined {
  if (!answer.reached) return unknown(what, `not checked: ${answer.why}`)
  if (answer.status === 401)
    return failed(what, 'expired, revoked or mistyped: the host does not know it', renew)
  if (answer.status >= 500 || answer.status === 429)
    return unknown(what, `not checked: the host answered ${answer.status}`)
  // 403: known, but without the right to say more about itself.
  return undefined
}

function validity(expires: Date | undefined, now: Date): Finding {
  if (expires === undefined || Number.isNaN(expires.getTime())) return ok(what, 'valid, without an end')
  const day = expires.toISOString().slice(0, 10)
  const leftMs = expires.getTime() - now.getTime()
  if (leftMs <= 0) return failed(what, `expired on ${day}`, renew)
  return leftMs < soonMs ? warning(what, `expires on ${day}`, renew) : ok(what, `valid until ${day}`)
}

function lacking(scopes: readonly string[]): Finding {
  return failed('Rights of the Git token', `missing: ${scopes.join(', ')}`, renew)
}

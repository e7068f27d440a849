import { ask, basic } from './ask.ts'
import { type Finding, failed, ok, unknown } from './finding.ts'

/**
 * Whether the token may pull an image from ghcr.io: asks for the pass that a pull begins with.
 * Source: https://distribution.github.io/distribution/spec/auth/token/
 * @param image `ghcr.io/OWNER/NAME`
 * @param registry base URL that stands for the registry
 */
export async function registryFinding(
  image: string,
  { username, token }: { username: string; token: string },
  { registry = 'https://ghcr.io', signal }: { registry?: string | undefined; signal: AbortSignal },
): Promise<Finding> {
  const what = `Read ${image}`
  const [host = '', ...path] = image.split('/')
  const query = new URLSearchParams({ service: host, scope: `repository:${path.join('/')}:pull` })
  const answer = await ask(`${registry}/token?${query}`, basic(username, token), signal)
  if (!answer.reached) return unknown(what, `not checked: ${answer.why}`)
  if (answer.status === 200) return ok(what, 'allowed')
  if (answer.status >= 500 || answer.status === 429)
    return unknown(what, `not checked: the registry answered ${answer.status}`)
  const fine = token.startsWith('github_pat_')
  return failed(
    what,
    `refused (${answer.status}): the token lacks read:packages`,
    fine
      ? 'Fine-grained tokens cannot read ghcr.io: take a classic one with repo and read:packages, then: cosmos vault edit'
      : 'Give the token read:packages at GitHub, then: cosmos gitops init',
  )
}

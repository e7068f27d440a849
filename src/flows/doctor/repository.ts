import { ask, basic } from './ask.ts'
import { type Finding, failed, ok, unknown } from './finding.ts'

export type RepositoryQuestion = {
  url: string
  credential: { username: string; token: string } | undefined
  /** Base URL that stands for the host of the repository. */
  host?: string | undefined
  signal: AbortSignal
}

const services = {
  read: {
    ...{ service: 'git-upload-pack', what: 'Read the repository', right: 'contents: read' },
    why: 'Argo CD cannot follow it',
  },
  write: {
    ...{ service: 'git-receive-pack', what: 'Write to the repository', right: 'contents: write' },
    why: 'the image updater cannot commit new tags',
  },
} as const

/**
 * Asks the host what Git itself would ask before a fetch or a push, which every host answers by the rights of the token and not
 * of its owner. Nothing is transferred. Source: gitprotocol-http, "Smart Clients".
 */
export async function repositoryFinding(
  right: keyof typeof services,
  { url, credential, host, signal }: RepositoryQuestion,
): Promise<Finding> {
  const { service, what, right: named, why } = services[right]
  const { pathname, origin } = new URL(url)
  const path = `${pathname.replace(/\/+$/, '').replace(/\.git$/, '')}.git`
  const headers = credential === undefined ? {} : basic(credential.username, credential.token)
  const answer = await ask(`${host ?? origin}${path}/info/refs?service=${service}`, headers, signal)
  if (!answer.reached) return unknown(what, `not checked: ${answer.why}`)
  if (answer.status === 200) return ok(what, 'allowed')
  if (answer.status >= 500 || answer.status === 429)
    return unknown(what, `not checked: the host answered ${answer.status}`)
  return failed(
    what,
    `refused (${answer.status}): ${why}`,
    hint(credential !== undefined, answer.status, named),
  )
}

function hint(hasToken: boolean, status: number, right: string): string {
  if (!hasToken)
    return 'It is private, or not there: put a token into the vault (git.username, git.token): cosmos vault edit'
  if (status === 404)
    return `Check git.url in cosmos.yaml; the token must be for this repository, with "${right}"`
  return `Give the token the right "${right}" at the Git host, or put one that has it into the vault: cosmos vault edit`
}

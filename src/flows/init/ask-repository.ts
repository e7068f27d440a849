import type { Cli } from '../../cli/index.ts'
import { messageOf } from '../../errors.ts'
import type { ProjectAnswers } from './answers.ts'
import { answer, mayAsk } from './ask.ts'
import type { InitFlags } from './flags.ts'
import { currentBranch, originUrl } from './git-defaults.ts'
import { repositoryOf } from './repository-url.ts'

/** Asks for the repository that Argo CD reads and for access to it; a credential in the URL goes to the vault. */
export async function askRepository(cli: Cli, flags: InitFlags): Promise<ProjectAnswers['git']> {
  const origin = await originUrl(cli.cwd, cli.signal)
  const typed = await answer(cli, {
    flag: 'repository',
    what: 'https URL of the repository that Argo CD reads',
    given: flags.repository,
    preset: origin,
    ask: async () => {
      const { askText } = await import('../prompts.ts')
      const shown = origin === undefined ? undefined : repositoryOf(origin).url
      const url = await askText('Repository that Argo CD reads (https):', cli.signal, {
        default: shown,
        shownAs: withoutCredential,
        check: flawOfUrl,
      })
      return url === shown && origin !== undefined ? origin : url
    },
  })
  const { url, username, token: embedded } = repositoryOf(typed)
  if (embedded !== undefined) {
    cli.note(
      'The URL carries a credential: it goes to the vault, not into cosmos.yaml. If the URL was ever shared, revoke it.',
    )
  }
  const token = embedded ?? (await askGitToken(cli, url))
  const branch = flags.branch ?? (typed === origin ? await currentBranch(cli.cwd, cli.signal) : undefined)
  return { url, username, token, branch, path: flags.path }
}

async function askGitToken(cli: Cli, url: string): Promise<string | undefined> {
  const inEnvironment = cli.env.COSMOS_GIT_TOKEN?.trim()
  if (inEnvironment) return inEnvironment
  if (!mayAsk(cli)) {
    cli.note(`No COSMOS_GIT_TOKEN: taking ${url} for a public repository.`)
    return undefined
  }
  const { askSecret } = await import('../prompts.ts')
  const token = await askSecret('Git token with read access (empty for a public repository):', cli.signal)
  return token.trim() || undefined
}

/** A pasted credential does not stay on the screen. */
function withoutCredential(typed: string): string {
  return typed.replace(/\/\/[^/@]*@/, '//…@')
}

function flawOfUrl(text: string): string | undefined {
  try {
    repositoryOf(text)
    return undefined
  } catch (error) {
    const hint =
      error instanceof Error && 'hint' in error && typeof error.hint === 'string' ? ` ${error.hint}` : ''
    return `${messageOf(error)}${hint}`
  }
}

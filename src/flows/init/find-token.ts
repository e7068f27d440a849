import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import { defaultEndpoint } from '../endpoint.ts'
import { mayAsk } from './ask.ts'
import { activeHcloudContext } from './hcloud-context.ts'

export type FoundToken = {
  token: string
  /** Where it was: an environment stays set for the next command, everything else must be kept. */
  from: 'environment' | 'hcloud' | 'typed'
}

type Asked = Pick<Cli, 'env' | 'interactive' | 'yes' | 'note' | 'signal'>

/**
 * The API token, without it ever standing in the arguments: the named variable, else the active context of the hcloud CLI
 * (only for Hetzner itself: its token must not be sent anywhere else), else a hidden question.
 * @throws UsageError `token-missing`
 */
export async function findInitToken(cli: Asked, variable: string, endpoint: string): Promise<FoundToken> {
  const inEnvironment = cli.env[variable]?.trim()
  if (inEnvironment) return { token: inEnvironment, from: 'environment' }
  const context = endpoint === defaultEndpoint ? await activeHcloudContext(cli.env) : undefined
  if (context !== undefined && (await mayUse(cli, context.name)))
    return { token: context.token, from: 'hcloud' }
  if (mayAsk(cli)) {
    const { askSecret } = await import('../prompts.ts')
    const check = (text: string) => (text.trim() === '' ? 'Paste the token.' : undefined)
    cli.note('Make a token with read and write rights: Hetzner Console → project → Security → API tokens.')
    return {
      token: (await askSecret('API token of the project:', cli.signal, { check })).trim(),
      from: 'typed',
    }
  }
  throw new UsageError(`There is no API token: ${variable} is not set, and hcloud has no active context.`, {
    code: 'token-missing',
    hint: `Make one with read and write rights (Hetzner Console → Security → API tokens), then: export ${variable}=…`,
  })
}

async function mayUse(cli: Asked, context: string): Promise<boolean> {
  if (mayAsk(cli)) {
    const { confirm } = await import('../prompts.ts')
    return confirm(`Use the token of the hcloud context "${context}"?`, cli.signal, { default: true })
  }
  cli.note(`Taking the token of the hcloud context "${context}".`)
  return true
}

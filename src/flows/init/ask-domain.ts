import type { Cli } from '../../cli/index.ts'
import { answer, mayAsk, orNothing } from './ask.ts'
import type { AnswerChecks } from './checks.ts'
import type { InitFlags } from './flags.ts'
import { userEmail } from './git-defaults.ts'

export type Domain = { domain: string | undefined; acmeEmail: string | undefined }

/** Asks for domain and e-mail; without a domain there are no certificates, so no e-mail is needed. */
export async function askDomain(cli: Cli, flags: InitFlags, checks: AnswerChecks): Promise<Domain> {
  const domain = await answer(cli, {
    flag: 'domain',
    what: 'domain that points at the server',
    given: flags.domain,
    preset: '',
    check: orNothing(checks.domain),
    ask: async () => {
      const { askText } = await import('../prompts.ts')
      return askText('Domain (empty for none yet):', cli.signal, { check: orNothing(checks.domain) })
    },
  })
  if (domain.trim() === '' && flags.email === undefined) return { domain: undefined, acmeEmail: undefined }
  const preset = await userEmail(cli.cwd, cli.signal)
  const email = await answer(cli, {
    flag: 'email',
    what: "e-mail address for Let's Encrypt",
    given: flags.email,
    preset,
    check: checks.email,
    ask: async () => {
      const { askText } = await import('../prompts.ts')
      return askText("E-mail for Let's Encrypt:", cli.signal, { default: preset, check: checks.email })
    },
  })
  if (preset === email && flags.email === undefined && !mayAsk(cli))
    cli.note(`Taking ${email} for Let's Encrypt, from git config.`)
  return { domain: domain.trim() || undefined, acmeEmail: email.trim() }
}

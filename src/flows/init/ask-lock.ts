import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import { vaultCredentials } from '../../vault/index.ts'
import type { ProjectAnswers } from './answers.ts'
import { mayAsk } from './ask.ts'
import type { InitFlags } from './flags.ts'

/** The whole project can be taken over by whoever guesses it, offline and with time: this is the least. */
const leastLength = 8

/** Who may open the vault: `--recipient`, else the passphrase from the environment, else one typed twice. */
export async function askLock(cli: Cli, flags: InitFlags): Promise<ProjectAnswers['lock']> {
  if (flags.recipient !== undefined) return { recipients: flags.recipient }
  const prompt = mayAsk(cli) ? () => askTwice(cli) : undefined
  const { COSMOS_PASSPHRASE, COSMOS_PASSPHRASE_FILE } = cli.env
  const { passphrase } = await vaultCredentials({
    env: { COSMOS_PASSPHRASE, COSMOS_PASSPHRASE_FILE },
    prompt,
  })
  if (passphrase === undefined || passphrase.length < leastLength) {
    throw new UsageError(`The passphrase has fewer than ${leastLength} characters.`, {
      code: 'passphrase-short',
      hint: 'A few random words are easy to type and hard to guess.',
    })
  }
  return { passphrase }
}

async function askTwice(cli: Cli): Promise<string> {
  const { askSecret } = await import('../prompts.ts')
  const passphrase = await askSecret('Passphrase of the vault:', cli.signal, {
    check: text => (text.length < leastLength ? `At least ${leastLength} characters.` : undefined),
  })
  await askSecret('The same again:', cli.signal, {
    check: text => (text === passphrase ? undefined : 'That is not the same.'),
  })
  return passphrase
}

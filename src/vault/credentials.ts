import { access, readFile } from 'node:fs/promises'
import { messageOf, UsageError } from '../errors.ts'
import { isForRecipients } from './header.ts'
import { parseIdentityFile } from './identities.ts'
import { vaultMissing } from './vault-missing.ts'

/** What opens a vault: the passphrase, or age identities (`AGE-SECRET-KEY-1…`) and SSH private keys. */
export type VaultCredentials = { passphrase?: string; identities?: string[] }

export type CredentialSources = {
  env: Readonly<Record<string, string | undefined>>
  /** Asks a person for the passphrase, hidden; absent where nobody can be asked. */
  prompt?: (() => Promise<string>) | undefined
  /** The vault: nobody is asked for a passphrase when it has none. */
  path?: string | undefined
}

/**
 * Finds what opens the vault: COSMOS_PASSPHRASE, else COSMOS_PASSPHRASE_FILE; and COSMOS_AGE_IDENTITY_FILE beside either.
 * Only where none is set is a person asked.
 * @throws UsageError `vault-credentials` naming the variables when there is nothing and nobody;
 *   CosmosError `vault-missing`, so that nobody types a passphrase for nothing
 */
export async function vaultCredentials({ env, prompt, path }: CredentialSources): Promise<VaultCredentials> {
  const credentials: VaultCredentials = {}
  const passphrase = await passphraseFrom(env)
  if (passphrase !== undefined) credentials.passphrase = passphrase
  const identityFile = env.COSMOS_AGE_IDENTITY_FILE
  if (identityFile) {
    credentials.identities = parseIdentityFile(await contentsOf(identityFile, 'COSMOS_AGE_IDENTITY_FILE'))
  }
  if (credentials.passphrase !== undefined || credentials.identities !== undefined) return credentials
  if (path !== undefined && (await isForRecipients(path))) {
    throw new UsageError('The vault is locked for recipients, not by a passphrase.', {
      code: 'vault-credentials',
      hint: 'Set COSMOS_AGE_IDENTITY_FILE to your age identity or SSH private key.',
    })
  }
  if (path !== undefined) await refuseMissing(path)
  if (prompt !== undefined) return { passphrase: await prompt() }
  throw new UsageError('The vault needs its passphrase, and there is nobody to ask.', {
    code: 'vault-credentials',
    hint: 'Set COSMOS_PASSPHRASE, COSMOS_PASSPHRASE_FILE or COSMOS_AGE_IDENTITY_FILE.',
  })
}

async function refuseMissing(path: string): Promise<void> {
  try {
    await access(path)
  } catch (error) {
    throw vaultMissing(path, error)
  }
}

async function passphraseFrom(env: CredentialSources['env']): Promise<string | undefined> {
  if (env.COSMOS_PASSPHRASE) return env.COSMOS_PASSPHRASE
  if (!env.COSMOS_PASSPHRASE_FILE) return undefined
  const text = await contentsOf(env.COSMOS_PASSPHRASE_FILE, 'COSMOS_PASSPHRASE_FILE')
  const passphrase = text.replace(/\r?\n$/, '')
  if (passphrase !== '') return passphrase
  throw new UsageError('The file that COSMOS_PASSPHRASE_FILE names is empty.', { code: 'vault-credentials' })
}

async function contentsOf(path: string, variable: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    throw new UsageError(`The file that ${variable} names cannot be read: ${messageOf(error)}`, {
      code: 'vault-credentials',
      cause: error,
    })
  }
}

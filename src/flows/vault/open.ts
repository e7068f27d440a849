import type { Cli } from '../../cli/index.ts'
import {
  readVault,
  saveVault,
  type VaultContents,
  type VaultCredentials,
  vaultCredentials,
} from '../../vault/index.ts'

/** A vault that was opened and may be written back. */
export type OpenVault = {
  path: string
  contents: VaultContents
  credentials: VaultCredentials
  /** Writes the contents back for whoever could open them. */
  save(contents: VaultContents): Promise<void>
}

/** Opens the vault to change it. Asks for the passphrase only where nothing in the environment gives one. */
export async function openVault(cli: Cli, path: string): Promise<OpenVault> {
  const prompt = cli.interactive ? () => askPassphrase(cli) : undefined
  const credentials = await vaultCredentials({ env: cli.env, prompt })
  const contents = await readVault(path, credentials)
  return { path, contents, credentials, save: changed => saveVault(path, changed, credentials) }
}

async function askPassphrase(cli: Cli): Promise<string> {
  const { askSecret } = await import('../prompts.ts')
  return askSecret('Passphrase of the vault:', cli.signal)
}

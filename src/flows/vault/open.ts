import type { Cli } from '../../cli/index.ts'
import {
  readVault,
  saveVault,
  type VaultContents,
  type VaultCredentials,
  vaultCredentials,
} from '../../vault/index.ts'
import { type Home, sealingHome } from '../seal/home.ts'

/** A vault that was opened and may be written back. */
export type OpenVault = {
  home: Home
  contents: VaultContents
  /** Writes the contents back for whoever could open them. */
  save(contents: VaultContents): Promise<void>
}

/** Opens the project's vault to change it. Asks for the passphrase only where nothing in the environment gives one. */
export async function openVault(cli: Cli): Promise<OpenVault> {
  const home = await sealingHome(cli)
  const credentials = await credentialsFor(cli, home)
  const contents = await readVault(home.vaultPath, credentials)
  return { home, contents, save: changed => saveVault(home.vaultPath, changed, credentials) }
}

async function credentialsFor(cli: Cli, { passphrase, vaultPath }: Home): Promise<VaultCredentials> {
  if (passphrase !== undefined) return { passphrase }
  const prompt = cli.interactive ? () => askPassphrase(cli) : undefined
  return vaultCredentials({ env: cli.env, prompt, path: vaultPath })
}

async function askPassphrase(cli: Cli): Promise<string> {
  const { askSecret } = await import('../prompts.ts')
  return askSecret('Passphrase of the vault:', cli.signal)
}

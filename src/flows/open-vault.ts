import type { Cli } from '../cli/index.ts'
import { readVault, type VaultContents, vaultCredentials } from '../vault/index.ts'

/** Opens a project's vault with what the environment gives, or asks for the passphrase where a person can answer. */
export async function openProjectVault(
  cli: Cli,
  place: { vaultPath: string; passphrase?: string },
): Promise<VaultContents> {
  if (place.passphrase !== undefined) return readVault(place.vaultPath, { passphrase: place.passphrase })
  const prompt = cli.interactive ? () => askPassphrase(cli) : undefined
  return readVault(place.vaultPath, await vaultCredentials({ env: cli.env, prompt, path: place.vaultPath }))
}

async function askPassphrase(cli: Cli): Promise<string> {
  const { askSecret } = await import('./prompts.ts')
  return askSecret('Passphrase of the vault:', cli.signal)
}

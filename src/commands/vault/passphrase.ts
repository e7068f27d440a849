import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class VaultPassphrase extends CosmosCommand<typeof VaultPassphrase> {
  static override summary = 'Lock the vault by a new passphrase.'
  static override description =
    'Asked for twice, or taken from COSMOS_NEW_PASSPHRASE or COSMOS_NEW_PASSPHRASE_FILE.'
  static override examples = ['<%= config.bin %> vault passphrase']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { changePassphrase } = await import('../../flows/vault/lock.ts')
    return changePassphrase(cli)
  }
}

import { string as stringArg } from '@oclif/core/args'
import { boolean } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class VaultShow extends CosmosCommand<typeof VaultShow> {
  static override summary = 'Show what is in the vault, secrets masked.'
  static override examples = [
    '<%= config.bin %> vault show',
    '<%= config.bin %> vault show argocd.adminPassword --reveal',
  ]
  static override args = {
    field: stringArg({
      ignoreStdin: true,
      description: 'One value, such as argocd.adminPassword. A pipe gets it unmasked.',
    }),
  }
  static override flags = { reveal: boolean({ description: 'Show secrets.' }) }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { showVault } = await import('../../flows/vault/show.ts')
    return showVault(cli, { field: this.args.field, reveal: this.flags.reveal })
  }
}

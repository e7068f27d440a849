import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class VaultEdit extends CosmosCommand<typeof VaultEdit> {
  static override summary = 'Change the contents of the vault in $EDITOR.'
  static override examples = ['EDITOR=nano <%= config.bin %> vault edit']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { editVault } = await import('../../flows/vault/edit.ts')
    return editVault(cli)
  }
}

import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class KeyList extends CosmosCommand<typeof KeyList> {
  static override summary = 'Show the sealing keys of the vault.'
  static override examples = ['<%= config.bin %> key list']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { listKeys } = await import('../../flows/keys/list.ts')
    return listKeys(cli)
  }
}

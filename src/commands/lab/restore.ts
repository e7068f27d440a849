import { string as stringArg } from '@oclif/core/args'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class LabRestore extends CosmosCommand<typeof LabRestore> {
  static override summary = 'Put the lab back to a snapshot; without a name, list the snapshots.'
  static override examples = ['<%= config.bin %> lab restore', '<%= config.bin %> lab restore before-swap']
  static override args = { name: stringArg({ description: 'Name of the snapshot.' }) }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { restoreTheLab } = await import('../../flows/lab/restore.ts')
    return restoreTheLab(cli, this.args.name)
  }
}

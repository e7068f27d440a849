import { string as stringArg } from '@oclif/core/args'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class LabSnapshot extends CosmosCommand<typeof LabSnapshot> {
  static override summary = 'Keep the whole lab as it is now, to come back to it later.'
  static override examples = ['<%= config.bin %> lab snapshot before-swap']
  static override args = { name: stringArg({ description: 'Name of the snapshot.', required: true }) }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { snapshotTheLab } = await import('../../flows/lab/snapshot.ts')
    return snapshotTheLab(cli, this.args.name)
  }
}

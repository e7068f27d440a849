import { integer } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class LabLog extends CosmosCommand<typeof LabLog> {
  static override summary = 'Show what the lab was asked and what happened in it.'
  static override examples = ['<%= config.bin %> lab log', '<%= config.bin %> lab log --count 500']
  static override flags = {
    count: integer({
      char: 'n',
      description: 'How many of the newest lines.',
      default: 40,
      min: 1,
      helpValue: 'N',
    }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { showLabLog } = await import('../../flows/lab/log.ts')
    return showLabLog(cli, this.flags.count)
  }
}

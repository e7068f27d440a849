import { integer } from '@oclif/core/args'
import { type Cli, CosmosCommand } from '../../../cli/index.ts'

export default class LabFaultClear extends CosmosCommand<typeof LabFaultClear> {
  static override summary = 'Let nothing go wrong on purpose any more, or not this one thing.'
  static override examples = ['<%= config.bin %> lab fault clear', '<%= config.bin %> lab fault clear 3']
  static override args = { id: integer({ description: 'Id of one fault; all without it.', min: 1 }) }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { clearFaults } = await import('../../../flows/lab/clear-faults.ts')
    return clearFaults(cli, this.args.id)
  }
}

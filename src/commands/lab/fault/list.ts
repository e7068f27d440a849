import { type Cli, CosmosCommand } from '../../../cli/index.ts'

export default class LabFaultList extends CosmosCommand<typeof LabFaultList> {
  static override summary = 'List what is set to go wrong on the lab, and how often it did.'
  static override examples = ['<%= config.bin %> lab fault list']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { listFaults } = await import('../../../flows/lab/list-faults.ts')
    return listFaults(cli)
  }
}

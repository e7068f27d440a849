import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class LabStatus extends CosmosCommand<typeof LabStatus> {
  static override summary = 'Show whether the lab runs, where it answers and what is in it.'
  static override examples = ['<%= config.bin %> lab status']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { showLab } = await import('../../flows/lab/status.ts')
    return showLab(cli)
  }
}

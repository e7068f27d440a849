import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class LabStop extends CosmosCommand<typeof LabStop> {
  static override summary = 'Stop the lab and keep what is in it.'
  static override examples = ['<%= config.bin %> lab stop']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { stopTheLab } = await import('../../flows/lab/stop.ts')
    return stopTheLab(cli)
  }
}

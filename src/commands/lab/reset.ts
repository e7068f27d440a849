import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class LabReset extends CosmosCommand<typeof LabReset> {
  static override summary = 'Empty the lab: every server, volume and address in it is deleted.'
  static override examples = ['<%= config.bin %> lab reset']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { resetTheLab } = await import('../../flows/lab/reset.ts')
    return resetTheLab(cli)
  }
}

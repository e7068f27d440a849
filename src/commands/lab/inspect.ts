import { string } from '@oclif/core/args'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class LabInspect extends CosmosCommand<typeof LabInspect> {
  static override summary =
    'Look into a volume or a server of the lab, or list what is there and what it would cost.'
  static override description =
    `Of a volume: whether the ledger that a workload keeps on it is intact or torn, and where.
Of a server: its serial console.`
  static override examples = ['<%= config.bin %> lab inspect', '<%= config.bin %> lab inspect cosmos-data']
  static override args = { name: string({ description: 'Name or id of a volume or server.' }) }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { inspectLab } = await import('../../flows/lab/inspect.ts')
    return inspectLab(cli, this.args.name)
  }
}

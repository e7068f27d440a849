import { integer } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class LabStart extends CosmosCommand<typeof LabStart> {
  static override summary = 'Start a Hetzner Cloud on this machine, in the background.'
  static override description =
    `It answers the API of Hetzner Cloud on a port of 127.0.0.1 and keeps what it holds in .cosmos/lab, until "cosmos lab reset".
cosmos uses it with --lab; other programs with the two variables that this command prints.`
  static override examples = [
    '<%= config.bin %> lab start',
    { description: 'A minute of the lab in a second', command: '<%= config.bin %> lab start --speed 60' },
  ]
  static override flags = {
    speed: integer({
      description: 'Lab seconds per real second. Without it: real time.',
      min: 1,
      helpValue: 'N',
    }),
    port: integer({
      description: 'Port to listen on; 0 for a free one. Without it: the one before.',
      min: 0,
      max: 65_535,
    }),
    seed: integer({
      description: 'Number that all chance comes from: the same one gives the same run.',
      min: 0,
      helpValue: 'N',
    }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { startTheLab } = await import('../../flows/lab/start.ts')
    const { speed, port, seed } = this.flags
    return startTheLab(cli, { speed, port, seed })
  }
}

import { Args } from '@oclif/core'
import { boolean, integer } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Logs extends CosmosCommand<typeof Logs> {
  static override summary = 'Show the log of the first boot, or of K3s.'
  static override examples = [
    '<%= config.bin %> logs',
    '<%= config.bin %> logs --follow',
    '<%= config.bin %> logs k3s --lines 50',
  ]
  static override args = {
    what: Args.string({ description: 'Which log.', options: ['first-boot', 'k3s'], default: 'first-boot' }),
  }
  static override flags = {
    follow: boolean({ char: 'f', description: 'Go on with new lines until Ctrl-C.' }),
    lines: integer({ char: 'n', description: 'How many lines from the end.', default: 200, min: 1 }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../flows/project.ts')
    const { showLogs } = await import('../flows/logs.ts')
    const { what } = this.args
    const { follow, lines } = this.flags
    const project = await openProject(cli)
    return showLogs(cli, project, { what: what === 'k3s' ? 'k3s' : 'first-boot', follow, lines })
  }
}

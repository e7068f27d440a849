import { setTimeout as delay } from 'node:timers/promises'
import { boolean } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'
import { exitCodes } from '../errors.ts'

const watchIntervalMs = 3_000

export default class Status extends CosmosCommand<typeof Status> {
  static override summary = 'Show server, volume, addresses, node, Argo CD and its applications.'
  static override description = 'Exit code 4 when something is not healthy.'
  static override examples = [
    '<%= config.bin %> status',
    '<%= config.bin %> status --watch',
    '<%= config.bin %> status --json',
  ]
  static override flags = {
    watch: boolean({ char: 'w', description: 'Look again every 3 seconds until Ctrl-C.' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../flows/project.ts')
    const { showStatus } = await import('../flows/status/index.ts')
    const project = await openProject(cli)
    let status = await showStatus(cli, project)
    while (this.flags.watch) {
      await delay(watchIntervalMs, undefined, { signal: cli.signal })
      cli.out()
      status = await showStatus(cli, project)
    }
    if (!status.healthy) cli.exitWith(exitCodes.unhealthy)
    return status
  }
}

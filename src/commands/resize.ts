import { boolean, integer, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Resize extends CosmosCommand<typeof Resize> {
  static override summary = 'Grow the volume while it is in use, or change the type of the server.'
  static override description =
    `The volume grows online, its file system too. For another type the volume is released and the server turned off;
its disk keeps its size, so that a smaller type stays possible. Another architecture needs a new machine: cosmos swap.`
  static override examples = [
    '<%= config.bin %> resize --volume 40',
    '<%= config.bin %> resize --type cx33 --plan',
  ]
  static override flags = {
    plan: boolean({
      description: 'Show what would be done, change nothing; exit code 2 when there is something to do.',
    }),
    volume: integer({ description: 'Size of the volume.', min: 10, max: 10_240, helpValue: 'GB' }),
    type: string({ description: 'Server type.', helpValue: 'TYPE' }),
    timeout: integer({
      description: 'Minutes that each of the waits may take.',
      default: 15,
      min: 1,
      helpValue: 'MINUTES',
    }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../flows/project.ts')
    const { resize } = await import('../flows/resize/index.ts')
    const { plan, type, volume, timeout } = this.flags
    const result = await resize(cli, await openProject(cli), {
      planOnly: plan,
      type,
      volumeGb: volume,
      deadlineMs: timeout * 60_000,
    })
    if (plan && result.changed) cli.exitWith(2)
    return result
  }
}

import { boolean, integer, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Swap extends CosmosCommand<typeof Swap> {
  static override summary =
    'Put a new machine under the same data, address and identity, or continue where an earlier run was cut off.'
  static override description =
    `The new server is prepared beside the old one. Then the workload ends in order, the volume is released and proven free,
volume and addresses move, and the old server is deleted once the new one is healthy. Until then, --back returns to it;
that happens by itself when the new machine is not well.

replace   a second server for the time of the swap; the shortest outage, and a way back
rebuild   the same server with a new system disk; where no second one can be had
recreate  delete, then create; only when asked for, and confirmed by the cluster's name

Exit codes: 0 done; 1 failed; 2 with --plan; 3 refused, the old server serves; 4 the new machine was not healthy.`
  static override examples = [
    { description: 'See steps, outage and cost first', command: '<%= config.bin %> swap --plan' },
    { description: 'Move to another type of server', command: '<%= config.bin %> swap --type cax21' },
    { description: 'Undo a swap that was cut off', command: '<%= config.bin %> swap --back' },
    { description: 'Try it on this machine', command: '<%= config.bin %> swap --lab' },
  ]
  static override flags = {
    plan: boolean({ description: 'Show what would be done, change nothing; exit code 2.' }),
    type: string({ description: 'Server type of the new machine.', helpValue: 'TYPE' }),
    image: string({ description: 'System image of the new machine.', helpValue: 'IMAGE' }),
    strategy: string({
      description: 'How it is done.',
      options: ['auto', 'replace', 'rebuild', 'recreate'],
      default: 'auto',
    }),
    back: boolean({ description: 'Return to the old server, while it is there.' }),
    rollback: boolean({
      description: 'Return to the old server by itself when the new one is not healthy.',
      default: true,
      allowNo: true,
    }),
    force: boolean({
      description:
        'Go on when the old server cannot be reached: it is shut down, and cut off if it does not react.',
    }),
    confirm: string({ description: 'Name of the cluster, as confirmation of recreate.', helpValue: 'NAME' }),
    timeout: integer({
      description: 'Minutes that each of the waits may take.',
      default: 15,
      min: 1,
      helpValue: 'MINUTES',
    }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../flows/project.ts')
    const { swap } = await import('../flows/swap/index.ts')
    const { plan, type, image, strategy, back, rollback, force, confirm, timeout } = this.flags
    const result = await swap(cli, await openProject(cli), {
      planOnly: plan,
      strategy: strategy as 'auto' | 'replace' | 'rebuild' | 'recreate',
      type,
      image,
      back,
      rollback,
      force,
      confirm,
      deadlineMs: timeout * 60_000,
    })
    if (plan) cli.exitWith(2)
    return result
  }
}

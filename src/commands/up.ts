import { boolean, integer } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Up extends CosmosCommand<typeof Up> {
  static override summary =
    'Make the machine that cosmos.yaml describes, or continue where an earlier run was cut off.'
  static override description =
    `Looks at what is there, shows what is missing and what it costs, asks, makes it, and waits until the node is Ready,
Argo CD is healthy and the root Application is synced. Run again, it changes nothing.

With --lab all of it happens on this machine, without an account: a local cloud is started, and in a folder
without cosmos.yaml a throw-away project is made for it.

Exit codes: 0 done; 1 failed; 2 with --plan when there is something to do; 3 refused; 4 the machine is not healthy.`
  static override examples = [
    { description: 'Try it on this machine, without an account', command: '<%= config.bin %> up --lab' },
    { description: 'See what would be done and what it costs', command: '<%= config.bin %> up --plan' },
    { description: 'In a script', command: '<%= config.bin %> up --yes --json' },
  ]
  static override flags = {
    plan: boolean({
      description: 'Show what would be done, change nothing; exit code 2 when there is something to do.',
    }),
    timeout: integer({
      description: 'Minutes that each of the waits may take.',
      default: 15,
      min: 1,
      helpValue: 'MINUTES',
    }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../flows/project.ts')
    const { up } = await import('../flows/up/index.ts')
    const project = await openProject(cli)
    const result = await up(cli, project, {
      planOnly: this.flags.plan,
      deadlineMs: this.flags.timeout * 60_000,
    })
    if (this.flags.plan && result.changed) cli.exitWith(2)
    return result
  }
}

import { boolean } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class GitopsInit extends CosmosCommand<typeof GitopsInit> {
  static override summary = 'Write the folder that Argo CD reads: what runs in the cluster.'
  static override description =
    `Can be run again at any time: what you edited is shown and kept. Generated passwords go to the vault and, sealed, into the folder.
Which applications there are is said in cosmos.yaml under "apps".`
  static override examples = [
    '<%= config.bin %> gitops init --plan',
    '<%= config.bin %> gitops init',
    '<%= config.bin %> gitops init --overwrite',
  ]
  static override flags = {
    plan: boolean({ description: 'Only show what would be written. Exit code 2 when there is something.' }),
    overwrite: boolean({ description: 'Replace files that you edited, too; the difference is shown.' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { initGitops } = await import('../../flows/gitops/init.ts')
    return initGitops(cli, this.flags)
  }
}

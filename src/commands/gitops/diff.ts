import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class GitopsDiff extends CosmosCommand<typeof GitopsDiff> {
  static override summary =
    'Show what this cosmos would write differently into the folder that Argo CD reads.'
  static override description =
    'After an update of cosmos, or a change of cosmos.yaml. Needs no passphrase. Exit code 2 when there is a difference.'
  static override examples = ['<%= config.bin %> gitops diff']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { diffGitops } = await import('../../flows/gitops/diff.ts')
    return diffGitops(cli)
  }
}

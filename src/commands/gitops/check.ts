import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class GitopsCheck extends CosmosCommand<typeof GitopsCheck> {
  static override summary = 'Check the folder that Argo CD reads.'
  static override description =
    'Needs no cluster, no network and no passphrase: good before each commit, and in CI. Exit code 1 when something is wrong.'
  static override examples = [
    '<%= config.bin %> gitops check',
    'printf "#!/bin/sh\\nexec <%= config.bin %> gitops check\\n" > .git/hooks/pre-commit',
  ]

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { checkGitops } = await import('../../flows/gitops/check.ts')
    return checkGitops(cli)
  }
}

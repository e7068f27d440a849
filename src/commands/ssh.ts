import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Ssh extends CosmosCommand<typeof Ssh> {
  static override summary = 'Open a shell on the server, or run one command there.'
  static override description =
    `The host key is the pinned one, so there is nothing to confirm and ~/.ssh/known_hosts stays as it is.
The exit code is the command's.`
  static override examples = [
    '<%= config.bin %> ssh',
    '<%= config.bin %> ssh -- k3s kubectl get pods -A',
    '<%= config.bin %> ssh --lab',
  ]
  static override strict = false

  protected async work(cli: Cli): Promise<Record<string, unknown> | undefined> {
    const { openProject } = await import('../flows/project.ts')
    const { runOverSsh, openShell } = await import('../flows/ssh.ts')
    const project = await openProject(cli)
    if (this.rest.length === 0) {
      cli.exitWith(await openShell(cli, project))
      return undefined
    }
    const { code, ...output } = await runOverSsh(cli, project, this.rest)
    cli.exitWith(code)
    return { code, ...output }
  }
}

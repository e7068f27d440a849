import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Passwords extends CosmosCommand<typeof Passwords> {
  static override summary = 'Print the passwords of Argo CD and Grafana, from the vault.'
  static override examples = ['<%= config.bin %> passwords', '<%= config.bin %> passwords --json']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { showPasswords } = await import('../flows/passwords.ts')
    const { openProject } = await import('../flows/project.ts')
    return showPasswords(cli, await openProject(cli))
  }
}

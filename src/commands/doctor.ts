import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Doctor extends CosmosCommand<typeof Doctor> {
  static override summary = 'Look for what would keep the cluster from coming back by itself.'
  static override description =
    "The folder that Argo CD reads, the sealing key, and the rights of the Git token, by the Git host's API. Exit code 4 when something is wrong."
  static override examples = ['<%= config.bin %> doctor', '<%= config.bin %> doctor --json']

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { doctor } = await import('../flows/doctor/index.ts')
    return doctor(cli)
  }
}

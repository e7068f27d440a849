import { boolean } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class RenderCloudInit extends CosmosCommand<typeof RenderCloudInit> {
  static override summary = 'Print the cloud-init user data a new server would get.'
  static override description =
    'Secrets are masked unless asked for. Where no volume exists yet, example values stand in.'
  static override examples = [
    '<%= config.bin %> render cloud-init',
    '<%= config.bin %> render cloud-init --show-secrets > user-data.yaml',
  ]
  static override flags = {
    'show-secrets': boolean({ description: 'Print secrets as they are. Mind where the output goes.' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../../flows/project.ts')
    const { renderCloudInit } = await import('../../flows/render.ts')
    return renderCloudInit(cli, await openProject(cli), { showSecrets: this.flags['show-secrets'] })
  }
}

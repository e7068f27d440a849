import { boolean } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class RenderManifests extends CosmosCommand<typeof RenderManifests> {
  static override summary = 'Print the Kubernetes manifests that K3s finds at its first start.'
  static override description = 'Secrets are masked unless asked for.'
  static override examples = [
    '<%= config.bin %> render manifests',
    '<%= config.bin %> render manifests | kubectl apply --dry-run=client -f -',
  ]
  static override flags = {
    'show-secrets': boolean({ description: 'Print secrets as they are. Mind where the output goes.' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../../flows/project.ts')
    const { renderManifests } = await import('../../flows/render.ts')
    return renderManifests(cli, await openProject(cli), { showSecrets: this.flags['show-secrets'] })
  }
}

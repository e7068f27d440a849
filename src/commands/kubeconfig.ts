import { boolean, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Kubeconfig extends CosmosCommand<typeof Kubeconfig> {
  static override summary = 'Fetch the admin kubeconfig of the cluster.'
  static override description =
    `Written to .cosmos/kubeconfig and printed. With --merge it goes into the file that kubectl uses, under the cluster's name;
what else is there stays. A new machine has a new cluster CA, so fetch it again after a swap.`
  static override examples = [
    '<%= config.bin %> kubeconfig > ~/.kube/acme',
    '<%= config.bin %> kubeconfig --merge',
    '<%= config.bin %> kubeconfig --merge --into ~/.kube/other',
  ]
  static override flags = {
    merge: boolean({ description: 'Put it into the kubeconfig that kubectl uses.' }),
    into: string({ description: 'Another file to merge into.', dependsOn: ['merge'], helpValue: 'FILE' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../flows/project.ts')
    const { saveKubeconfig } = await import('../flows/save-kubeconfig.ts')
    const { merge, into } = this.flags
    return saveKubeconfig(cli, await openProject(cli), { merge, into })
  }
}

import { boolean, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Down extends CosmosCommand<typeof Down> {
  static override summary =
    'Delete the server, firewall and SSH key; keep volume and addresses unless told otherwise.'
  static override description =
    `The volume is released first: pods drained, K3s stopped, /data unmounted and proven free. Only then the server is deleted.
Deleting the volume needs the name of the cluster: typed, or --yes together with --confirm NAME.
Ends with a list of what still bills.`
  static override examples = [
    '<%= config.bin %> down --plan',
    '<%= config.bin %> down',
    '<%= config.bin %> down --volume --addresses --yes --confirm acme',
  ]
  static override flags = {
    plan: boolean({
      description:
        'Show what would be deleted and kept, change nothing; exit code 2 when there is something to delete.',
    }),
    volume: boolean({ description: 'Delete the volume too, with all data on it.' }),
    addresses: boolean({ description: 'Delete the Primary IPs too.' }),
    confirm: string({ description: 'Name of the cluster, as confirmation.', helpValue: 'NAME' }),
    force: boolean({
      description:
        'Go on when the server cannot be asked over SSH: it is shut down, and cut off if it does not react; what was not written then is lost.',
    }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { openProject } = await import('../flows/project.ts')
    const { down } = await import('../flows/down/index.ts')
    const { plan, volume, addresses, confirm, force } = this.flags
    const result = await down(cli, await openProject(cli), {
      planOnly: plan,
      volume,
      addresses,
      confirm,
      force,
    })
    if (plan && result.items.some(item => item.fate === 'delete')) cli.exitWith(2)
    return result
  }
}

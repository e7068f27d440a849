import { boolean, integer, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Init extends CosmosCommand<typeof Init> {
  static override summary =
    'Write cosmos.yaml and the encrypted vault, with answers from you and prices from Hetzner.'
  static override description =
    `Checks the API token, asks what is not said by a flag, shows what it will cost per month, and writes
cosmos.yaml, cosmos.vault.age and cosmos.sealing.crt: all of them or none. Orders nothing.

Secrets are never arguments. The API token comes from HCLOUD_TOKEN, the active hcloud context or a hidden question;
the Git token from COSMOS_GIT_TOKEN; the passphrase from COSMOS_PASSPHRASE or COSMOS_PASSPHRASE_FILE.
With --yes, in CI, or without a terminal nothing is asked: defaults are taken, and what has none must be a flag.`
  static override examples = [
    { description: 'Be asked', command: '<%= config.bin %> init' },
    {
      description: 'In a script',
      command:
        '<%= config.bin %> init --yes --repository https://github.com/acme/company --domain acme.example --email ops@acme.example',
    },
  ]
  static override flags = {
    name: string({
      description: 'Name of the cluster, the server and the node. Default: that of the folder.',
    }),
    location: string({
      description: 'Hetzner location; again for further ones, in order of preference.',
      multiple: true,
      helpValue: 'NAME',
    }),
    type: string({
      description: 'Server type; again for further ones, in order of preference.',
      multiple: true,
      helpValue: 'NAME',
    }),
    'volume-size': integer({ description: 'Size of the data volume in GB, at least 10.', helpValue: 'GB' }),
    allow: string({
      description:
        'Source address (CIDR) that may reach SSH and the Kubernetes API; again for more. Default: all.',
      multiple: true,
      helpValue: 'CIDR',
    }),
    repository: string({
      description: 'Repository that Argo CD reads (https). Default: the remote "origin".',
      helpValue: 'URL',
    }),
    branch: string({ description: 'Branch that Argo CD follows.' }),
    path: string({ description: 'Folder of the App-of-Apps in the repository.', helpValue: 'DIR' }),
    domain: string({ description: 'Domain that points at the server.' }),
    email: string({ description: "E-mail address for Let's Encrypt." }),
    'ssh-key': string({
      description: 'SSH private key to log in with; made when it is not there. Default: ~/.ssh/id_ed25519.',
      helpValue: 'PATH',
    }),
    recipient: string({
      description:
        'Encrypt the vault for this age or SSH public key instead of a passphrase; again for more.',
      multiple: true,
      helpValue: 'KEY',
    }),
    'token-env': string({
      description: 'Variable that holds the API token.',
      default: 'HCLOUD_TOKEN',
      helpValue: 'NAME',
    }),
    'store-token': boolean({ description: 'Keep the API token in the vault.', allowNo: true }),
    force: boolean({ description: 'Begin anew; what is there is kept below .cosmos/.', default: false }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { init } = await import('../flows/init/index.ts')
    return init(cli, this.flags)
  }
}

import { string as stringArg } from '@oclif/core/args'
import { string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class KeyDrop extends CosmosCommand<typeof KeyDrop> {
  static override summary = 'Forget an old sealing key.'
  static override description =
    'Refused for the newest key, and while a manifest of the folder is sealed with it.'
  static override examples = ['<%= config.bin %> key drop SHA256:uf/cm6K7']
  static override args = {
    fingerprint: stringArg({
      ignoreStdin: true,
      required: true,
      description: 'Which key, or the start of its fingerprint.',
    }),
  }
  static override flags = {
    folder: string({ description: 'Where the manifests lie.', default: '.', helpValue: 'DIR' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { dropKey } = await import('../../flows/keys/drop.ts')
    return dropKey(cli, this.args.fingerprint, this.flags.folder)
  }
}

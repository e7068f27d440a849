import { string as stringArg } from '@oclif/core/args'
import { boolean, option, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class Unseal extends CosmosCommand<typeof Unseal> {
  static override summary = 'Decrypt SealedSecrets with the keys of the vault.'
  static override description =
    `Prints the Secrets that the controller would make. On a terminal values are masked; --reveal shows them,
and a pipe or -o FILE (mode 0600) gets them as they are.`
  static override examples = [
    '<%= config.bin %> unseal sealed.yaml --reveal',
    '<%= config.bin %> unseal sealed.yaml --key password | pbcopy',
    '<%= config.bin %> unseal cosmos/ -o secrets.yaml',
  ]
  static override args = {
    input: stringArg({
      ignoreStdin: true,
      required: true,
      description: 'A manifest, a folder, or - for standard input.',
    }),
  }
  static override flags = {
    key: string({ char: 'k', description: 'Print this one value, byte for byte.' }),
    reveal: boolean({ description: 'Show values on a terminal and in --json.' }),
    output: string({ char: 'o', description: 'Write there, readable by you alone.', helpValue: 'FILE' }),
    format: option({ options: ['yaml', 'json'] as const, description: 'yaml, or json.', default: 'yaml' })(),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { unseal } = await import('../flows/seal/unseal.ts')
    const { key, reveal, output, format } = this.flags
    return unseal(cli, { input: this.args.input, key, reveal, output, format })
  }
}

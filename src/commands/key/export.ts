import { string as stringArg } from '@oclif/core/args'
import { boolean, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class KeyExport extends CosmosCommand<typeof KeyExport> {
  static override summary = 'Write out a sealing certificate, or its private key.'
  static override examples = [
    '<%= config.bin %> key export -o cosmos.sealing.crt',
    '<%= config.bin %> key export --private -o key.pem',
  ]
  static override args = {
    fingerprint: stringArg({
      ignoreStdin: true,
      description: 'Which key, or the start of its fingerprint. Without it: the newest.',
    }),
  }
  static override flags = {
    private: boolean({ description: 'The private key instead of the certificate.' }),
    output: string({ char: 'o', description: 'Write there instead of to stdout.', helpValue: 'FILE' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { exportKey } = await import('../../flows/keys/export.ts')
    const { private: secret, output } = this.flags
    return exportKey(cli, { fingerprint: this.args.fingerprint, secret, output })
  }
}

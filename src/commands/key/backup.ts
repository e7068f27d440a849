import { string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class KeyBackup extends CosmosCommand<typeof KeyBackup> {
  static override summary = 'Write out every sealing key as the Secrets that the controller reads.'
  static override description =
    `Not encrypted: for kubectl apply, kubeseal --recovery-unseal, or a safe. The vault itself is the better backup.`
  static override examples = [
    '<%= config.bin %> key backup | kubectl apply -f -',
    '<%= config.bin %> key backup -o keys.yaml',
  ]
  static override flags = {
    output: string({ char: 'o', description: 'Write there, readable by you alone.', helpValue: 'FILE' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { backupKeys } = await import('../../flows/keys/export.ts')
    return backupKeys(cli, this.flags.output)
  }
}

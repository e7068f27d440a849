import { integer } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

export default class KeyRotate extends CosmosCommand<typeof KeyRotate> {
  static override summary = 'Make a new sealing key beside the old ones.'
  static override description =
    `Old keys go on opening what they sealed. The cluster gets the new key with its next machine, or from 'key backup'.`
  static override examples = ['<%= config.bin %> key rotate', '<%= config.bin %> seal --reseal cosmos/']
  static override flags = {
    years: integer({ description: 'How long the certificate is valid.', default: 10, min: 1, max: 50 }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { rotateKey } = await import('../../flows/keys/rotate.ts')
    return rotateKey(cli, this.flags.years)
  }
}

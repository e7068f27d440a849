import { string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../cli/index.ts'

const many = { multiple: true, multipleNonGreedy: true, helpValue: 'RECIPIENT' } as const

export default class VaultRecipients extends CosmosCommand<typeof VaultRecipients> {
  static override summary = 'Show or change who can open the vault.'
  static override description =
    `A recipient is an age key (age1…) or an SSH public key (ssh-ed25519 AAAA…, ssh-rsa AAAA…). With recipients the vault has no
passphrase; each opens it with their own key in COSMOS_AGE_IDENTITY_FILE. The stock age opens it too: age -d -i KEY cosmos.vault.age`
  static override examples = [
    '<%= config.bin %> vault recipients',
    '<%= config.bin %> vault recipients --add "$(cat ~/.ssh/id_ed25519.pub)" --add age1…',
  ]
  static override flags = {
    add: string({ ...many, description: 'Let one more person in.' }),
    remove: string({ ...many, description: 'Let a person in no longer.' }),
    set: string({ ...many, description: 'The whole list anew.' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { changeRecipients } = await import('../../flows/vault/lock.ts')
    const { add = [], remove = [], set = [] } = this.flags
    return changeRecipients(cli, { add, remove, set })
  }
}

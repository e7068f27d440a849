import { string as stringArg } from '@oclif/core/args'
import { boolean, integer, string } from '@oclif/core/flags'
import { type Cli, CosmosCommand } from '../../../cli/index.ts'

export default class LabFaultAdd extends CosmosCommand<typeof LabFaultAdd> {
  static override summary = 'Make something go wrong on the lab, on purpose.'
  static override description = `Kinds:
  api     a request fails. --on "POST /servers" names it, {id} stands for any id.
          --mode error (with --code), lost (the work is done, the answer is not sent), cut, hang or garbage
  action  an action ends in error. --on create_server names the command
  ssh     a connection to a machine fails. --on NAME; --mode refuse, hang or drop
  boot    a machine does not come up. --on NAME
  stock   a server type runs out, until cleared. --on cx23 or cx23@fsn1; --mode surprise: the catalogue still offers it
  slow    requests take --delay-ms longer, actions take --factor times as long`
  static override examples = [
    {
      description: 'Out of stock, once',
      command: '<%= config.bin %> lab fault add api --on "POST /servers" --code resource_unavailable',
    },
    {
      description: 'The second volume is made, but nobody learns of it',
      command: '<%= config.bin %> lab fault add api --on "POST /volumes" --mode lost --skip 1',
    },
    { description: 'SSH stays silent', command: '<%= config.bin %> lab fault add ssh --mode hang --always' },
  ]
  static override args = {
    kind: stringArg({ required: true, options: ['api', 'action', 'ssh', 'boot', 'stock', 'slow'] }),
  }
  static override flags = {
    on: string({ description: 'What it concerns. Without it: everything of that kind.' }),
    skip: integer({ description: 'Let this many pass first.', min: 0, helpValue: 'N' }),
    times: integer({
      description: 'How often it strikes. Without it: once; stock and slow until cleared.',
      min: 1,
      helpValue: 'N',
    }),
    always: boolean({ description: 'It strikes until it is cleared.', exclusive: ['times'] }),
    code: string({ description: "The API's error code." }),
    message: string({ description: 'What the error says.' }),
    mode: string({ description: 'How it shows; see above.' }),
    'delay-ms': integer({ description: 'Lab milliseconds.', min: 0, helpValue: 'MS' }),
    factor: integer({ description: 'How many times as long.', min: 1, helpValue: 'N' }),
  }

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { addFault } = await import('../../../flows/lab/add-fault.ts')
    const { on, skip, code, message, mode, factor, always } = this.flags
    const times = always ? null : this.flags.times
    const delayMs = this.flags['delay-ms']
    return addFault(cli, { kind: this.args.kind, on, skip, times, code, message, mode, delayMs, factor })
  }
}

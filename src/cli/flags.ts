import { boolean, string } from '@oclif/core/flags'

/** What every command understands. */
export const baseFlags = {
  json: boolean({
    description: 'Print one JSON object per line: events first, the result last.',
    helpGroup: 'GLOBAL',
  }),
  yes: boolean({ char: 'y', description: 'Answer every confirmation with yes.', helpGroup: 'GLOBAL' }),
  config: string({
    char: 'c',
    description: 'Path of cosmos.yaml. Without it: the nearest one upward from here.',
    helpGroup: 'GLOBAL',
    helpValue: 'FILE',
  }),
  lab: string({
    description: 'Work on the lab, a Hetzner Cloud on this machine. --lab alone means simulated servers.',
    helpGroup: 'GLOBAL',
    helpValue: '[sim|vm]',
    options: ['sim', 'vm'],
  }),
  verbose: boolean({ description: 'Show more, and the stack of an error.', helpGroup: 'GLOBAL' }),
}

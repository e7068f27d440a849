import type { Cli } from '../cli/index.ts'
import { CosmosCommand } from '../cli/index.ts'

export default class Here extends CosmosCommand<typeof Here> {
  static override hidden = true
  static override summary = 'Say where things stand and what to type next.'

  protected async work(cli: Cli) {
    cli.out('cosmos runs one server with K3s and Argo CD on Hetzner Cloud.')
    cli.out('→ next: cosmos up --lab')
    return { next: 'cosmos up --lab' }
  }
}

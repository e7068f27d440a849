import { type Cli, CosmosCommand } from '../cli/index.ts'

export default class HereCommand extends CosmosCommand<typeof HereCommand> {
  static override summary =
    'Say where things stand in this folder and what to type next. What bare `cosmos` runs.'
  static override hidden = true

  protected async work(cli: Cli): Promise<Record<string, unknown>> {
    const { here } = await import('../flows/here.ts')
    return here(cli)
  }
}

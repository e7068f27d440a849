import { asTyped, type Cli } from '../cli/index.ts'

/** How a further command is typed by somebody who typed this one: `typed(cli, 'up')` is `npx cosmos up --lab`. */
export function typed(cli: Pick<Cli, 'env' | 'lab' | 'config'>, command: string): string {
  return asTyped(`cosmos ${command}`, cli)
}

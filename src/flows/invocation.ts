import type { Cli } from '../cli/index.ts'

/** How a further command is typed by somebody who typed this one: through npx or not, on the lab or not. */
export function typed(cli: Pick<Cli, 'env' | 'lab'>, command: string): string {
  const program = cli.env.npm_command === 'exec' ? 'npx cosmos' : 'cosmos'
  const lab = cli.lab === 'off' ? '' : cli.lab === 'sim' ? ' --lab' : ` --lab=${cli.lab}`
  return `${program} ${command}${lab}`
}

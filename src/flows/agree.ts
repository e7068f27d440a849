import type { Cli } from '../cli/index.ts'
import { RefusedError } from '../errors.ts'

/**
 * Asks for a yes before something is written. `--yes` is one, and the lab
 * costs nothing; where nobody can be asked it is a refusal.
 * @throws RefusedError with the given code and hint
 */
export async function agree(
  cli: Cli,
  question: string,
  otherwise: { code: string; hint: string },
): Promise<void> {
  if (cli.yes || cli.lab !== 'off') return
  if (!cli.interactive)
    throw new RefusedError('Nothing was done: this needs a yes, and there is nobody to ask.', otherwise)
  const { confirm } = await import('./prompts.ts')
  if (!(await confirm(question, cli.signal))) throw new RefusedError('Nothing was done.', otherwise)
}

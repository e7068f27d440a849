import type { Cli } from '../cli/index.ts'
import { RefusedError } from '../errors.ts'

export type NameConfirmation = {
  cluster: string
  /** What `--confirm` says. */
  confirm: string | undefined
  /** What the name is needed for: "Deleting the volume". */
  what: string
  question: string
  /** The whole command for scripts. */
  hint: string
}

/**
 * Lets something that cannot be undone happen only by the cluster's name: typed, or `--yes` together with `--confirm NAME`.
 * @throws RefusedError `not-confirmed`
 */
export async function confirmName(cli: Cli, asked: NameConfirmation): Promise<void> {
  const { cluster, confirm, what, question } = asked
  const refusal = { code: 'not-confirmed', hint: asked.hint }
  if (confirm !== undefined && confirm !== cluster)
    throw new RefusedError(`--confirm says "${confirm}", but the cluster is "${cluster}".`, refusal)
  if (cli.yes && confirm === cluster) return
  if (!cli.interactive || cli.yes) throw new RefusedError(`${what} needs the name of the cluster.`, refusal)
  const { askText } = await import('./prompts.ts')
  const typed = await askText(question, cli.signal)
  if (typed.trim() !== cluster)
    throw new RefusedError('The name does not match; nothing was changed.', refusal)
}

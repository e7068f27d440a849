import type { Cli } from '../../cli/index.ts'
import { RefusedError } from '../../errors.ts'
import { writeFileSafely } from '../seal/files.ts'

/**
 * Gives out something secret: into a file that only its owner reads, or into a pipe; never onto a screen.
 * @throws RefusedError `secret-on-terminal`
 */
export async function giveOut(cli: Cli, text: string, output: string | undefined): Promise<void> {
  if (output !== undefined) {
    await writeFileSafely(output, text, { signal: cli.signal, mode: 0o600 })
    cli.note(`Written to ${output}, readable by you alone. Keep it out of Git.`)
    return
  }
  if (process.stdout.isTTY || cli.json) {
    throw new RefusedError('A private key is not shown on a screen or in --json output.', {
      code: 'secret-on-terminal',
      hint: 'Name a file: -o FILE — or pipe it on.',
    })
  }
  cli.out(text.trimEnd())
}

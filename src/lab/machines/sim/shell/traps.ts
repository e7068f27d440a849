import { runText } from './script.ts'
import type { Shell } from './shell.ts'

/** Runs the trap of that name, if there is one and it is not running already. */
export async function fireTrap(shell: Shell, name: string): Promise<void> {
  const text = shell.traps.get(name)
  if (!text || shell.inTrap) return
  if (name === 'ERR' && shell.calls.length > 0 && !shell.options.has('errtrace')) return
  shell.inTrap = true
  try {
    await runText(shell, text)
  } finally {
    shell.inTrap = false
  }
}

/** The EXIT trap, once, with `$?` as the shell leaves it; gives the status to exit with. */
export async function runExitTrap(shell: Shell): Promise<number> {
  const text = shell.traps.get('EXIT')
  shell.traps.delete('EXIT')
  if (!text) return shell.status
  const status = shell.status
  shell.calls = []
  shell.guard = 0
  shell.inTrap = false
  await runText(shell, text)
  return status
}

import { parse } from 'unbash'
import { isolated, runStatement } from './evaluate.ts'
import { Leave, type Shell } from './shell.ts'

/** Parses and evaluates text in the shell itself (`eval`, `source`, traps). A syntax error is status 2. */
export async function runText(shell: Shell, text: string, options: { file?: string } = {}): Promise<number> {
  const script = parse(text)
  const before = { source: shell.source, lineBase: shell.lineBase, name: shell.name, line: shell.line }
  shell.source = text
  shell.lineBase = options.file === undefined ? shell.line - 1 : 0
  if (options.file !== undefined) shell.name = options.file
  if (shell.source === before.source) shell.lineBase = before.lineBase
  const error = script.errors?.[0]
  try {
    for (const statement of script.commands) {
      if (error && statement.end >= error.pos) break
      await runStatement(shell, statement)
    }
    if (error) {
      shell.line = text.slice(0, error.pos).split('\n').length + shell.lineBase
      await shell.complain(`syntax error: ${error.message}`)
      shell.status = 2
      if (options.file === undefined && shell.options.has('e')) throw new Leave('exit', 2)
    }
  } finally {
    Object.assign(shell, before)
  }
  return shell.status
}

/** Evaluates a whole script in a shell made for it, to the exit trap. Gives the exit code. */
export function runScript(shell: Shell, text: string): Promise<number> {
  return isolated(shell, () => runText(shell, text, { file: shell.name }))
}

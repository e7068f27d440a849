import type { Cli } from '../cli/index.ts'
import { UsageError } from '../errors.ts'
import { shellQuote } from '../node/index.ts'
import type { Project } from './project.ts'
import { reachMachine } from './reach.ts'

/**
 * Runs one command on the server, its output passed through.
 * @param words as typed; one word is taken as shell text (`'ls | wc'`), several are quoted each
 */
export async function runOverSsh(
  cli: Cli,
  project: Project,
  words: readonly string[],
): Promise<{ code: number; stdout: string; stderr: string }> {
  const command = words.length === 1 ? (words[0] ?? '') : words.map(shellQuote).join(' ')
  const machine = await reachMachine(cli, project)
  try {
    const session = await machine.session(cli.signal)
    const result = await session.run(command, {
      signal: cli.signal,
      ...(cli.json
        ? {}
        : { onStdout: text => process.stdout.write(text), onStderr: text => process.stderr.write(text) }),
    })
    return { code: result.code ?? 255, stdout: result.stdout, stderr: result.stderr }
  } finally {
    machine.close()
  }
}

/** A shell on the server, on this terminal. @returns its exit code */
export async function openShell(cli: Cli, project: Project): Promise<number> {
  if (!process.stdin.isTTY || cli.json) {
    throw new UsageError('A shell needs a terminal.', {
      code: 'no-terminal',
      hint: 'Say what to run: cosmos ssh -- uptime',
    })
  }
  const machine = await reachMachine(cli, project)
  try {
    const session = await machine.session(cli.signal)
    const { stdin, stdout, stderr } = process
    const { code } = await session.interactive({ stdin, stdout, stderr, signal: cli.signal })
    return code ?? 255
  } finally {
    machine.close()
  }
}

import type { Cli } from '../cli/index.ts'
import { firstBootLog, k3sLog } from '../node/index.ts'
import type { Project } from './project.ts'
import { reachMachine } from './reach.ts'

export type LogChoice = { what: 'first-boot' | 'k3s'; follow: boolean; lines: number }

/** Prints a log of the server, line by line as it comes. */
export async function showLogs(
  cli: Cli,
  project: Project,
  choice: LogChoice,
): Promise<{ what: string; lines: string[] }> {
  const command = choice.what === 'k3s' ? k3sLog(choice) : firstBootLog(choice)
  const machine = await reachMachine(cli, project)
  try {
    const session = await machine.session(cli.signal)
    const onStdout = (text: string) => {
      if (!cli.json) process.stdout.write(text)
    }
    const result = await session.run(command, { signal: cli.signal, onStdout })
    return { what: choice.what, lines: result.stdout.trimEnd().split('\n') }
  } finally {
    machine.close()
  }
}

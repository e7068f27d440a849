import { InterruptedError } from '../errors.ts'
import {
  historySink,
  jsonSink,
  type ProgressSink,
  plainSink,
  runSteps,
  terminalSink,
} from '../progress/index.ts'
import type { Cli, LabMode } from './cli.ts'
import { tableLines } from './table.ts'
import { createVoice } from './voice.ts'

export type GlobalFlags = {
  json: boolean
  yes: boolean
  config?: string | undefined
  lab?: string | undefined
  verbose: boolean
}

/** The parts of a process that a command sees. */
export type Surroundings = {
  stdin: { isTTY?: boolean }
  stdout: NodeJS.WriteStream
  stderr: NodeJS.WriteStream
  env: NodeJS.ProcessEnv
  cwd(): string
}

/**
 * The `Cli` of one command from its global flags and its surroundings.
 * `onExitCode` hears what the command asks for; nothing exits here.
 */
export function createCli(
  flags: GlobalFlags,
  signal: AbortSignal,
  { stdin, stdout, stderr, env, cwd }: Surroundings,
  onExitCode: (code: number) => void,
): Cli {
  const attended = Boolean(stderr.isTTY) && !isCi(env) && !flags.json
  const voice = createVoice(flags.json, stdout, stderr)
  const progress = (): ProgressSink => {
    if (flags.json) return jsonSink(text => stdout.write(text))
    if (!attended || env.TERM === 'dumb') return plainSink(text => stderr.write(text))
    return terminalSink(stderr, flags.verbose ? { logLines: 12 } : {})
  }
  return {
    signal,
    json: flags.json,
    yes: flags.yes,
    interactive: attended && Boolean(stdin.isTTY),
    verbose: flags.verbose,
    ...(flags.config === undefined ? {} : { config: flags.config }),
    lab: labMode(flags.lab),
    cwd: cwd(),
    env,
    out: voice.out,
    note: voice.note,
    table: rows => {
      for (const line of tableLines(rows)) voice.out(line)
    },
    exitWith: onExitCode,
    async runSteps(command, cluster, steps, context, { historyFile, run } = {}) {
      const late: string[] = []
      const sinks = [progress()]
      if (historyFile !== undefined) sinks.push(historySink(historyFile, message => late.push(message)))
      const id = run === undefined ? {} : { run }
      voice.runBegins(sinks)
      try {
        return await runSteps({ command, cluster, steps, context, signal, sinks, ...id })
      } catch (error) {
        throw error instanceof InterruptedError ? goesOn(error, command) : error
      } finally {
        voice.runEnds()
        for (const message of late) voice.note(message)
      }
    },
  }
}

/** What a cut-off run has begun, the same command finishes. */
function goesOn(interrupted: InterruptedError, command: string): InterruptedError {
  if (interrupted.hint !== undefined) return interrupted
  return new InterruptedError(interrupted.message, {
    hint: `cosmos ${command}`,
    cause: interrupted,
    details: interrupted.details,
  })
}

/** Set to anything but nothing, `0` and `false`: as CI services do. */
function isCi(env: NodeJS.ProcessEnv): boolean {
  return env.CI !== undefined && env.CI !== '' && env.CI !== '0' && env.CI !== 'false'
}

/** What `--lab` says. */
export function labMode(flag: string | undefined): LabMode {
  return flag === 'sim' || flag === 'vm' ? flag : 'off'
}

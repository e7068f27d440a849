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

export type GlobalFlags = {
  json: boolean
  yes: boolean
  config?: string | undefined
  lab?: string | undefined
  verbose: boolean
}

export type Streams = { stdin: { isTTY?: boolean }; stdout: NodeJS.WriteStream; stderr: NodeJS.WriteStream }

/**
 * The `Cli` of one command from its global flags and the streams of the process.
 * `onExitCode` hears what the command asks for; nothing exits here.
 */
export function createCli(
  flags: GlobalFlags,
  signal: AbortSignal,
  streams: Streams,
  onExitCode: (code: number) => void,
): Cli {
  const { stdin, stdout, stderr } = streams
  const env = process.env
  const live = Boolean(stderr.isTTY) && !isCi(env) && env.TERM !== 'dumb' && !flags.json
  const out = (text = '') => {
    if (!flags.json) stdout.write(`${text}\n`)
  }
  /** During a run the screen belongs to its sinks, and a note is one of its events. */
  const running: ProgressSink[] = []
  const note = (text: string) => {
    if (running.length === 0) stderr.write(`${text}\n`)
    for (const sink of running) sink.handle({ type: 'warning', at: new Date().toISOString(), message: text })
  }
  const progress = (): ProgressSink => {
    if (flags.json) return jsonSink(text => stdout.write(text))
    return live
      ? terminalSink(stderr, flags.verbose ? { logLines: 12 } : {})
      : plainSink(text => stderr.write(text))
  }
  return {
    signal,
    json: flags.json,
    yes: flags.yes,
    interactive: Boolean(stdin.isTTY) && Boolean(stderr.isTTY) && !isCi(env) && !flags.json,
    verbose: flags.verbose,
    ...(flags.config === undefined ? {} : { config: flags.config }),
    lab: labMode(flags.lab),
    cwd: process.cwd(),
    env,
    out,
    note,
    table: rows => {
      for (const line of tableLines(rows)) out(line)
    },
    exitWith: onExitCode,
    async runSteps(command, cluster, steps, context, options = {}) {
      const { historyFile, run } = options
      const late: string[] = []
      const sinks = [progress()]
      if (historyFile !== undefined) sinks.push(historySink(historyFile, message => late.push(message)))
      running.push(...sinks)
      const id = run === undefined ? {} : { run }
      try {
        return await runSteps({ command, cluster, steps, context, signal, sinks, ...id })
      } catch (error) {
        throw error instanceof InterruptedError ? goesOn(error, command, flags) : error
      } finally {
        running.length = 0
        for (const message of late) note(message)
      }
    },
  }
}

/** What a cut-off run has begun, the same command finishes. */
function goesOn(interrupted: InterruptedError, command: string, { lab }: GlobalFlags): InterruptedError {
  if (interrupted.hint !== undefined) return interrupted
  const hint = `cosmos ${command}${lab === undefined ? '' : ` --lab=${lab}`.replace('=sim', '')}`
  return new InterruptedError(interrupted.message, { hint, cause: interrupted, details: interrupted.details })
}

/** Set to anything but nothing, `0` and `false`: as CI services do. */
export function isCi(env: NodeJS.ProcessEnv): boolean {
  return env.CI !== undefined && env.CI !== '' && env.CI !== '0' && env.CI !== 'false'
}

function labMode(flag: string | undefined): LabMode {
  return flag === 'sim' || flag === 'vm' ? flag : 'off'
}

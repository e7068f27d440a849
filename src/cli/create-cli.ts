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

/** The `Cli` of one command from its global flags and the streams of the process. */
export function createCli(
  flags: GlobalFlags,
  signal: AbortSignal,
  streams: Streams,
  exitWith: (code: number) => void,
): Cli {
  const { stdin, stdout, stderr } = streams
  const env = process.env
  const live = Boolean(stderr.isTTY) && !isCi(env) && env.TERM !== 'dumb' && !flags.json
  const out = (text = '') => {
    if (!flags.json) stdout.write(`${text}\n`)
  }
  const note = (text: string) => {
    stderr.write(`${text}\n`)
  }
  const progress = (): ProgressSink => {
    if (flags.json) return jsonSink(text => stdout.write(text))
    return live ? terminalSink(stderr) : plainSink(text => stderr.write(text))
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
    exitWith,
    async runSteps(command, cluster, steps, context, options = {}) {
      const { historyFile, run } = options
      const late: string[] = []
      const sinks = [progress()]
      if (historyFile !== undefined) sinks.push(historySink(historyFile, message => late.push(message)))
      try {
        return await runSteps({
          command,
          cluster,
          steps,
          context,
          signal,
          sinks,
          ...(run === undefined ? {} : { run }),
        })
      } finally {
        for (const message of late) note(message)
      }
    },
  }
}

/** Set to anything but nothing, `0` and `false`: as CI services do. */
export function isCi(env: NodeJS.ProcessEnv): boolean {
  return env.CI !== undefined && env.CI !== '' && env.CI !== '0' && env.CI !== 'false'
}

function labMode(flag: string | undefined): LabMode {
  return flag === 'sim' || flag === 'vm' ? flag : 'off'
}

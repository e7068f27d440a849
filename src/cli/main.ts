import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Interfaces } from '@oclif/core'
import { Config } from '@oclif/core/config'
import { run } from '@oclif/core/run'
import { settings } from '@oclif/core/settings'
import { UsageError } from '../errors.ts'
import { asksFor } from './argv.ts'
import { explain, failureLine, failureOf } from './failure.ts'

/**
 * Runs one command line. `root` is the folder of package.json; `source` runs src/ as it is instead of dist/.
 * Never throws: what goes wrong is printed, and `process.exitCode` says it.
 */
export async function main(argv: readonly string[], root: string, source = false): Promise<void> {
  settings.enableAutoTranspile = false
  try {
    const config = await loadConfig(root, source)
    const words = withDefault(withHelpLast(argv))
    mustBeKnown(words, config)
    await run(words, config)
  } catch (thrown) {
    const failure = failureOf(thrown)
    process.exitCode = failure.exitCode
    if (asksFor('--json', argv)) process.stdout.write(`${failureLine(failure)}\n`)
    else process.stderr.write(`${explain(failure, asksFor('--verbose', argv)).join('\n')}\n`)
  }
}

/** oclif's picture of the package. From source there is no manifest to trust, so the commands are looked up. */
export async function loadConfig(root: string, source: boolean): Promise<Config> {
  if (!source) return Config.load(root)
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Interfaces.PJSON
  const oclif = { ...pjson.oclif, commands: './src/commands' }
  return Config.load({ root, pjson: { ...pjson, oclif }, ignoreManifest: true })
}

/** Without a command, `cosmos` says where things stand: the hidden command `here`. */
function withDefault(argv: readonly string[]): string[] {
  const [first] = argv
  const named = first !== undefined && (!first.startsWith('-') || first === '--version')
  return named || asksFor('--help', argv) ? [...argv] : ['here', ...argv]
}

/** `cosmos help up` is `cosmos up --help`. */
function withHelpLast(argv: readonly string[]): readonly string[] {
  return argv[0] === 'help' || argv[0] === '-h' ? [...argv.slice(1), '--help'] : argv
}

/** Says which commands there are when the first word is none; oclif would only say that it found nothing. */
function mustBeKnown(words: readonly string[], config: Config): void {
  const [first = ''] = words
  if (first.startsWith('-')) return
  const names = new Set(config.commands.map(command => command.id.split(':')[0] ?? command.id))
  if (names.has(first)) return
  const visible = config.commands.filter(command => !command.hidden).map(command => command.id.split(':')[0])
  throw new UsageError(`There is no command '${first}'. There are: ${[...new Set(visible)].join(', ')}.`, {
    code: 'unknown-command',
    hint: 'cosmos --help',
  })
}

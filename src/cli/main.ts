import { readFileSync } from 'node:fs'
import { join } from 'node:path'
import type { Interfaces } from '@oclif/core'
import { Config } from '@oclif/core/config'
import { run } from '@oclif/core/run'
import { settings } from '@oclif/core/settings'
import { asksFor } from './argv.ts'
import { explain, failureLine, failureOf } from './failure.ts'
import { route } from './route.ts'

/**
 * Runs one command line. `root` is the folder of package.json; `source` runs src/ as it is instead of dist/.
 * Never throws: what goes wrong is printed, and `process.exitCode` says it.
 */
export async function main(argv: readonly string[], root: string, source = false): Promise<void> {
  settings.enableAutoTranspile = false
  try {
    const config = await loadConfig(root, source)
    const words = argv[0] === 'help' || argv[0] === '-h' ? [...argv.slice(1), '--help'] : [...argv]
    if (asksFor('--help', words) || words[0] === '--version') await run(words, config)
    else {
      const { id, rest } = route(words, config.commands)
      await config.runCommand(id, rest)
    }
  } catch (thrown) {
    const failure = failureOf(thrown, { usage: 'cosmos --help' })
    process.exitCode = failure.exitCode
    const typing = { env: process.env }
    if (asksFor('--json', argv)) process.stdout.write(`${failureLine(failure, typing)}\n`)
    else process.stderr.write(`${explain(failure, asksFor('--verbose', argv), typing).join('\n')}\n`)
  }
}

/** oclif's picture of the package. From source there is no manifest to trust, so the commands are looked up. */
async function loadConfig(root: string, source: boolean): Promise<Config> {
  if (!source) return Config.load(root)
  const pjson = JSON.parse(readFileSync(join(root, 'package.json'), 'utf8')) as Interfaces.PJSON
  const oclif = { ...pjson.oclif, commands: './src/commands' }
  return Config.load({ root, pjson: { ...pjson, oclif }, ignoreManifest: true })
}

import type { Interfaces } from '@oclif/core'
import { Command } from '@oclif/core/command'
import { asksFor, withLabValue } from './argv.ts'
import type { Typing } from './as-typed.ts'
import type { Cli } from './cli.ts'
import { createCli, labMode } from './create-cli.ts'
import { explain, failureLine, failureOf } from './failure.ts'
import { baseFlags } from './flags.ts'
import { onInterrupt } from './interrupt.ts'

type FlagsOf<Sub extends typeof Command> = Interfaces.InferredFlags<typeof baseFlags & Sub['flags']>
type ArgsOf<Sub extends typeof Command> = Interfaces.InferredArgs<Sub['args']>

/**
 * Base of every command: `export default class Up extends CosmosCommand<typeof Up>`.
 * A command only has `static` flags, args, summary and examples, and `work`; `this.flags` and `this.args` are typed.
 * What `work` returns is the result printed by `--json`; what it throws is explained, and sets the exit code.
 */
export abstract class CosmosCommand<Sub extends typeof Command> extends Command {
  static override baseFlags = baseFlags

  protected flags!: FlagsOf<Sub>
  protected args!: ArgsOf<Sub>
  /** All words that are no flags, as typed: for commands that are not `strict` (`ssh -- uname -a`). */
  protected rest: string[] = []

  protected abstract work(cli: Cli): Promise<Record<string, unknown> | undefined>

  /** Never throws: everything ends as text and as `process.exitCode`. */
  override async run(): Promise<void> {
    this.parsed = true
    const json = asksFor('--json', this.argv)
    let note = (text: string): void => void process.stderr.write(`${text}\n`)
    const interruption = onInterrupt(text => note(text))
    try {
      const cli = await this.#parse(interruption.signal)
      note = cli.note
      const result = await this.work(cli)
      if (json)
        process.stdout.write(`${JSON.stringify({ type: 'result', command: this.#name(), ...result })}\n`)
    } catch (thrown) {
      this.#fail(thrown, interruption.signal, json)
    } finally {
      interruption.release()
    }
  }

  async #parse(signal: AbortSignal): Promise<Cli> {
    const sub = this.ctor as unknown as Sub
    const { flags, args, argv } = await this.parse(
      { flags: sub.flags, baseFlags, args: sub.args, strict: sub.strict },
      withLabValue(this.argv),
    )
    this.flags = flags as FlagsOf<Sub>
    this.args = args as ArgsOf<Sub>
    this.rest = argv.map(String)
    return createCli(flags, signal, process, code => {
      process.exitCode = code
    })
  }

  #fail(thrown: unknown, signal: AbortSignal, json: boolean): void {
    const failure = failureOf(thrown, { signal, usage: `cosmos ${this.#name()} --help` })
    process.exitCode = failure.exitCode
    if (json) process.stdout.write(`${failureLine(failure, this.#typing())}\n`)
    const verbose = asksFor('--verbose', this.argv)
    if (!json || verbose) process.stderr.write(`${explain(failure, verbose, this.#typing()).join('\n')}\n`)
  }

  /** Flags are missing when they could not be parsed. */
  #typing(): Typing {
    const flags: Partial<FlagsOf<Sub>> = this.flags ?? {}
    return { env: process.env, lab: labMode(flags.lab), config: flags.config }
  }

  #name(): string {
    return (this.id ?? '').replaceAll(':', ' ')
  }
}

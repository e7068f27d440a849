/** Gives a bare `--lab` its value, which oclif's flags cannot leave out. Stops at `--`: what follows is not ours. */
export function withLabValue(argv: readonly string[]): string[] {
  return mapOwn(argv, word => (word === '--lab' ? '--lab=sim' : word))
}

/** Whether the words ask for a flag; known before parsing, because parsing may fail. */
export function asksFor(flag: '--json' | '--verbose' | '--help', argv: readonly string[]): boolean {
  return own(argv).includes(flag)
}

function own(argv: readonly string[]): readonly string[] {
  const end = argv.indexOf('--')
  return end === -1 ? argv : argv.slice(0, end)
}

function mapOwn(argv: readonly string[], change: (word: string) => string): string[] {
  const mine = own(argv)
  return [...mine.map(change), ...argv.slice(mine.length)]
}

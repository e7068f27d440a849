import { spawnSync } from 'node:child_process'

export type Series = { name: string; ms: number[] }

/** Runs whole processes in turn – A B C A B C … – so that a machine that slows down slows all of them; the first round is not counted. */
export function sideBySide(
  commands: Record<string, readonly string[]>,
  rounds: number,
  cwd: string,
): Series[] {
  const series = Object.keys(commands).map(name => ({ name, ms: [] as number[] }))
  for (let round = 0; round <= rounds; round++) {
    for (const each of series) {
      const [program = '', ...args] = commands[each.name] ?? []
      const start = process.hrtime.bigint()
      const { status, stderr } = spawnSync(program, args, { cwd, encoding: 'utf8' })
      const ms = Number(process.hrtime.bigint() - start) / 1e6
      if (status !== 0) throw new Error(`${each.name} ended with ${status}: ${stderr}`)
      if (round > 0) each.ms.push(ms)
    }
  }
  return series
}

export function median(values: readonly number[]): number {
  const sorted = [...values].sort((a, b) => a - b)
  const middle = Math.floor(sorted.length / 2)
  return sorted.length % 2 === 1
    ? (sorted[middle] ?? Number.NaN)
    : ((sorted[middle - 1] ?? 0) + (sorted[middle] ?? 0)) / 2
}

/** Median of the ratios, round by round: what both suffered from at the same moment falls out. */
export function ratio(a: Series, b: Series): number {
  return median(a.ms.map((value, index) => value / (b.ms[index] ?? Number.NaN)))
}

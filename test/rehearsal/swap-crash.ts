import assert from 'node:assert/strict'
import type { Cut } from './proxy.ts'
import type { Strategy, SwapStage } from './swap-stage.ts'

/** API writes of a swap that nothing disturbs. Kept by the tests: a change of the order shows here first. */
export const writesOf: Record<Strategy, number> = { replace: 15, rebuild: 1, recreate: 3 }

export type CrashCount = { tried: number; survived: number }

/** Kills a swap at a write, runs `swap` again as a person would, and looks whether everything is as it must be. */
export async function surviveWrite(
  stage: SwapStage,
  strategy: Strategy,
  cut: Cut,
  count: CrashCount,
): Promise<void> {
  count.tried++
  const flags = stage.flagsFor(strategy)
  assert.equal(await stage.killAtWrite(cut, flags), true, 'it ended before')
  await goOnAndCheck(stage, flags)
  count.survived++
}

/** The same at a line of its output: between API writes, in the middle of what it does over SSH. */
export async function surviveLine(
  stage: SwapStage,
  strategy: Strategy,
  nth: number,
  count: CrashCount,
): Promise<string | undefined> {
  const flags = stage.flagsFor(strategy)
  const line = await stage.killAtLine(nth, flags)
  if (line === undefined) return undefined
  count.tried++
  await goOnAndCheck(stage, flags)
  count.survived++
  return line
}

async function goOnAndCheck(stage: SwapStage, flags: readonly string[]): Promise<void> {
  const { code, stdout, stderr } = await stage.swap(...flags)
  assert.equal(code, 0, stdout + stderr)
  await stage.assertWhole()
}

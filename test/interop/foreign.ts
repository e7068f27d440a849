import { spawnSync } from 'node:child_process'
import type { Context } from 'mocha'

/**
 * Needs a foreign program: where it is missing, the test is skipped visibly on a user's machine and fails in CI,
 * where nothing may be skipped silently. @param install how to get it
 */
export function requireProgram(test: Context, program: string, install: string): void {
  if (spawnSync('sh', ['-c', `command -v ${program}`]).status === 0) return
  if (process.env.CI) throw new Error(`${program} is missing: ${install}`)
  console.log(`      skipped: ${program} is not installed (${install})`)
  test.skip()
}

/** Runs a program to its end. Output as text. */
export function run(
  program: string,
  args: readonly string[],
  options: { input?: string; env?: NodeJS.ProcessEnv; cwd?: string } = {},
): { status: number | null; stdout: string; stderr: string } {
  const { status, stdout, stderr, error } = spawnSync(program, args, {
    encoding: 'utf8',
    maxBuffer: 64 << 20,
    ...options,
  })
  if (error) throw error
  return { status, stdout, stderr }
}

import { FsError } from '../fs/errno.ts'
import type { Call } from '../shell/host.ts'

/** Reads a file operand as a program opens it: `-` and /dev/stdin are standard input. */
export async function readOperand(call: Call, path: string): Promise<Buffer> {
  if (path === '-' || path === '/dev/stdin') return call.stdin.readAll(call.signal)
  if (path === '/dev/zero' || path === '/dev/urandom') return Buffer.alloc(4096)
  if (path === '/dev/null') return Buffer.alloc(0)
  return call.host.vfs.readFile(path, call.cwd)
}

/** The content of all operands (standard input without any); complains about those that cannot be read. */
export async function readOperands(
  call: Call,
  paths: readonly string[],
): Promise<{ texts: { path: string; data: Buffer }[]; status: number }> {
  const texts: { path: string; data: Buffer }[] = []
  let status = 0
  for (const path of paths.length > 0 ? paths : ['-']) {
    try {
      texts.push({ path, data: await readOperand(call, path) })
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      await call.err(`${call.name}: ${path}: ${error.message}\n`)
      status = 1
    }
  }
  return { texts, status }
}

/** Lines without their ends; a last empty one is no line. */
export function linesOf(data: Buffer | string): string[] {
  const lines = data.toString().split('\n')
  if (lines.at(-1) === '') lines.pop()
  return lines
}

/** Runs an action per operand; a failed system call is printed and gives status 1. */
export async function forEachOperand(
  call: Call,
  paths: readonly string[],
  verb: string,
  act: (path: string) => void | Promise<void>,
): Promise<number> {
  let status = 0
  for (const path of paths) {
    try {
      await act(path)
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      await call.err(`${call.name}: ${verb} '${path}': ${error.message}\n`)
      status = 1
    }
  }
  return status
}

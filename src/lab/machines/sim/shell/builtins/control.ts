import { FsError } from '../../fs/errno.ts'
import { parseArithmetic } from '../arithmetic.ts'
import { program } from '../command.ts'
import { which } from '../exec.ts'
import { evaluateArithmetic } from '../expand.ts'
import { runText } from '../script.ts'
import { defaultPath, Leave, type Shell } from '../shell.ts'
import { testArguments } from '../test-operators.ts'
import { type Builtin, builtins } from './index.ts'

async function numeric(
  shell: Shell,
  name: string,
  text: string | undefined,
  fallback: number,
): Promise<number> {
  if (text === undefined) return fallback
  if (/^-?\d+$/.test(text)) return Number(text)
  await shell.complain(`${name}: ${text}: numeric argument required`)
  throw new Leave('exit', 2)
}

const leaveLoop =
  (kind: 'break' | 'continue'): Builtin =>
  async (shell, args) => {
    if (shell.loops === 0) {
      await shell.complain(`${kind}: only meaningful in a \`for', \`while', or \`until' loop`)
      return 0
    }
    throw new Leave(kind, await numeric(shell, kind, args[0], 1))
  }

async function test(shell: Shell, name: string, args: string[]): Promise<number> {
  const result = testArguments(shell, args)
  if (typeof result === 'string') {
    await shell.complain(`${name}: ${result}`)
    return 2
  }
  return result ? 0 : 1
}

async function source(shell: Shell, args: string[]): Promise<number> {
  const [file, ...params] = args
  if (file === undefined) {
    await shell.complain('source: filename argument required')
    return 2
  }
  let text: string
  try {
    text = shell.host.vfs.readText(file, shell.cwd)
  } catch (error) {
    if (!(error instanceof FsError)) throw error
    await shell.complain(`${file}: ${error.message}`)
    return 1
  }
  const before = shell.params
  if (params.length > 0) shell.params = params
  shell.sourced += 1
  try {
    return await runText(shell, text, { file })
  } catch (error) {
    if (error instanceof Leave && error.kind === 'return') return error.count
    throw error
  } finally {
    shell.sourced -= 1
    if (params.length > 0) shell.params = before
  }
}

/** Builtins that steer: exit, return, eval, source, test, let … */
export const control: Record<string, Builtin> = {
  ':': () => 0,
  true: () => 0,
  false: () => 1,
  break: leaveLoop('break'),
  continue: leaveLoop('continue'),
  exit: async (shell, args) => {
    throw new Leave('exit', (await numeric(shell, 'exit', args[0], shell.status)) & 255)
  },
  return: async (shell, args) => {
    if (shell.calls.length === 0 && shell.sourced === 0) {
      await shell.complain("return: can only `return' from a function or sourced script")
      return 2
    }
    throw new Leave('return', (await numeric(shell, 'return', args[0], shell.status)) & 255)
  },
  eval: async (shell, args) => {
    shell.status = 0
    return runText(shell, args.join(' '))
  },
  source,
  '.': source,
  test: (shell, args) => test(shell, 'test', args),
  '[': async (shell, args) => {
    if (args.at(-1) !== ']') {
      await shell.complain("[: missing `]'")
      return 2
    }
    return test(shell, '[', args.slice(0, -1))
  },
  let: async (shell, args) => {
    let last = 0n
    for (const argument of args) last = await evaluateArithmetic(shell, parseArithmetic(argument))
    return last === 0n ? 1 : 0
  },
  shift: async (shell, args) => {
    const count = await numeric(shell, 'shift', args[0], 1)
    if (count > shell.params.length) return 1
    shell.params = shell.params.slice(count)
    return 0
  },
  command: async (shell, args) => {
    if (args[0] === '-v' || args[0] === '-V') return describe(shell, args.slice(1))
    const rest = args[0] === '-p' || args[0] === '--' ? args.slice(1) : args
    const builtin = builtins.get(rest[0] ?? '')
    if (rest.length === 0) return 0
    return builtin ? builtin(shell, rest.slice(1)) : program(shell, rest, shell.vars.exported())
  },
  builtin: async (shell, args) => (await builtins.get(args[0] ?? '')?.(shell, args.slice(1))) ?? 1,
}

async function describe(shell: Shell, names: string[]): Promise<number> {
  let status = 1
  for (const name of names) {
    const isKnown = shell.functions.has(name) || builtins.has(name)
    const path = isKnown ? name : which(shell.host, name, shell.vars.get('PATH') ?? defaultPath, shell.cwd)
    if (!path) continue
    await shell.write(1, `${path}\n`)
    status = 0
  }
  return status
}

import { absolute } from '../../fs/vfs.ts'
import { which } from '../exec.ts'
import { defaultPath, type Shell } from '../shell.ts'
import { type Builtin, builtins, declarations } from './index.ts'

async function cd(shell: Shell, args: string[]): Promise<number> {
  const words = args.filter(argument => argument !== '--' && argument !== '-P' && argument !== '-L')
  const wanted = words[0] ?? shell.vars.get('HOME') ?? '/root'
  const target = wanted === '-' ? (shell.vars.get('OLDPWD') ?? shell.cwd) : wanted
  const found = shell.host.vfs.look(target, shell.cwd)
  if (found?.node.kind !== 'dir') {
    await shell.complain(`cd: ${wanted}: ${found ? 'Not a directory' : 'No such file or directory'}`)
    return 1
  }
  shell.vars.set('OLDPWD', shell.cwd)
  shell.changeDirectory(args.includes('-P') ? found.path : absolute(target, shell.cwd))
  shell.vars.set('PWD', shell.cwd)
  if (wanted === '-') await shell.write(1, `${shell.cwd}\n`)
  return 0
}

const keywords = new Set([
  'if',
  'then',
  'else',
  'fi',
  'for',
  'while',
  'until',
  'do',
  'done',
  'case',
  'esac',
  'function',
  '[[',
  '{',
  '}',
  '!',
])

async function type(shell: Shell, args: string[]): Promise<number> {
  const short = args.includes('-t')
  const pathOnly = args.includes('-p') || args.includes('-P')
  let status = 0
  for (const name of args.filter(argument => !argument.startsWith('-'))) {
    const path = which(shell.host, name, shell.vars.get('PATH') ?? defaultPath, shell.cwd)
    const kind = keywords.has(name)
      ? 'keyword'
      : shell.functions.has(name)
        ? 'function'
        : builtins.has(name) || declarations.has(name)
          ? 'builtin'
          : path
            ? 'file'
            : undefined
    if (!kind) {
      if (!short && !pathOnly) await shell.complain(`type: ${name}: not found`)
      status = 1
    } else if (short) await shell.write(1, `${kind}\n`)
    else if (pathOnly) await shell.write(1, path ? `${path}\n` : '')
    else {
      const words = {
        keyword: 'is a shell keyword',
        function: 'is a function',
        builtin: 'is a shell builtin',
        file: `is ${path}`,
      }
      await shell.write(1, `${name} ${words[kind]}\n`)
    }
  }
  return status
}

/** cd, pwd, type, hash and other look-ups. */
export const look: Record<string, Builtin> = {
  cd,
  pwd: async shell => {
    await shell.write(1, `${shell.cwd}\n`)
    return 0
  },
  type,
  hash: () => 0,
  alias: () => 0,
  unalias: () => 0,
  ulimit: async (shell, args) => {
    if (args.length < 2) await shell.write(1, args.includes('-n') ? '1024\n' : 'unlimited\n')
    return 0
  },
  times: () => 0,
  history: () => 0,
  help: () => 0,
  caller: shell => (shell.calls.length > 0 ? 0 : 1),
}

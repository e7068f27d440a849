import { signalNumber } from '../process.ts'
import type { Shell } from '../shell.ts'
import type { Builtin } from './index.ts'

const long: Record<string, string> = {
  errexit: 'e',
  nounset: 'u',
  xtrace: 'x',
  noglob: 'f',
  noclobber: 'C',
  allexport: 'a',
  verbose: 'v',
  monitor: 'm',
  noexec: 'n',
}

/** Applies `-eu`, `-o pipefail`, `+x` to the shell; gives the arguments left, or undefined on a bad option. */
export function setOptions(shell: Shell, args: readonly string[]): string[] | undefined {
  const rest = [...args]
  while (rest.length > 0) {
    const word = rest[0] as string
    if (word === '--' || word === '-') return rest.slice(1)
    if (!/^[-+][a-zA-Z]+$/.test(word)) return rest
    rest.shift()
    for (const letter of word.slice(1)) {
      let option = letter
      if (letter === 'o') {
        const name = rest.shift()
        if (name === undefined) return undefined
        option = long[name] ?? name
      }
      if (option === 'E') option = 'errtrace'
      if (word.startsWith('-')) shell.options.add(option)
      else shell.options.delete(option)
    }
  }
  return rest
}

async function trap(shell: Shell, args: string[]): Promise<number> {
  const rest = args[0] === '--' ? args.slice(1) : args
  if (rest.length === 0 || rest[0] === '-p') {
    for (const [name, text] of shell.traps) await shell.write(1, `trap -- '${text}' ${name}\n`)
    return 0
  }
  const reset = rest[0] === '-' || (rest.length === 1 && signalName(rest[0] as string) !== undefined)
  const [action, ...names] = reset && rest[0] !== '-' ? ['-', ...rest] : (rest as [string, ...string[]])
  for (const given of names) {
    const name = signalName(given)
    if (name === undefined) {
      await shell.complain(`trap: ${given}: invalid signal specification`)
      return 1
    }
    const number = signalNumber(name)
    if (reset || action === undefined) shell.traps.delete(name)
    else shell.traps.set(name, action)
    if (number === undefined) continue
    shell.process.handlers.delete(number)
    shell.process.ignored.delete(number)
    if (reset) continue
    if (action === '') shell.process.ignored.add(number)
    else shell.process.handlers.set(number, () => void shell.pending.push(name))
  }
  return 0
}

function signalName(text: string): string | undefined {
  const upper = text.toUpperCase().replace(/^SIG/, '')
  if (upper === '0' || upper === 'EXIT') return 'EXIT'
  if (upper === 'ERR' || upper === 'DEBUG' || upper === 'RETURN') return upper
  return signalNumber(upper) === undefined ? undefined : upper
}

/** set, shopt, trap, umask, unset, getopts and what changes the shell itself. */
export const options: Record<string, Builtin> = {
  set: async (shell, args) => {
    if (args.length === 0) {
      for (const scope of shell.vars.scopes) {
        for (const [name, variable] of [...scope].sort())
          if (!name.startsWith('\0')) await shell.write(1, `${name}=${variable.items.get('0') ?? ''}\n`)
      }
      return 0
    }
    const rest = setOptions(shell, args)
    if (rest === undefined) return 0
    if (rest.length > 0 || args.includes('--')) shell.params = rest
    return 0
  },
  shopt: (shell, args) => {
    const names = args.filter(argument => !argument.startsWith('-'))
    if (args.includes('-s')) for (const name of names) shell.shopt.add(name)
    else if (args.includes('-u')) for (const name of names) shell.shopt.delete(name)
    else return names.every(name => shell.shopt.has(name)) ? 0 : 1
    return 0
  },
  trap,
  umask: async (shell, args) => {
    const mask = args.find(argument => !argument.startsWith('-'))
    if (mask === undefined) await shell.write(1, `${(shell.vars.get('\0umask') ?? '22').padStart(4, '0')}\n`)
    else shell.vars.set('\0umask', mask)
    return 0
  },
  unset: async (shell, args) => {
    const isFunction = args.includes('-f')
    for (const argument of args.filter(one => !/^-[fvn]$/.test(one))) {
      const element = /^(\w+)\[(.*)\]$/.exec(argument)
      if (shell.vars.find(argument)?.readonly) {
        await shell.complain(`unset: ${argument}: cannot unset: readonly variable`)
        return 1
      }
      if (element) shell.vars.unset(element[1] as string, element[2])
      else if (isFunction || (!shell.vars.find(argument) && !args.includes('-v')))
        shell.functions.delete(argument)
      else shell.vars.unset(argument)
    }
    return 0
  },
  getopts: async (shell, args) => {
    const [spec = '', variable = '', ...given] = args
    const words = given.length > 0 ? given : shell.params
    let index = Number(shell.vars.get('OPTIND') ?? '1')
    if (index === 1 && shell.optPosition > 1 && !words[0]?.[shell.optPosition]) shell.optPosition = 0
    const word = words[index - 1]
    const ended = word === undefined || !/^-./.test(word) || word === '--'
    if (ended) {
      if (word === '--') shell.vars.set('OPTIND', String(index + 1))
      shell.vars.set(variable, '?')
      shell.optPosition = 0
      return 1
    }
    const at = Math.max(1, shell.optPosition)
    const letter = word[at] as string
    const wants = spec.indexOf(letter)
    const takes = wants >= 0 && spec[wants + 1] === ':'
    const isLast = at + 1 >= word.length
    shell.optPosition = isLast ? 0 : at + 1
    if (isLast) index += 1
    shell.vars.unset('OPTARG')
    if (wants < 0 || letter === ':') {
      shell.vars.set(variable, '?')
      if (spec.startsWith(':')) shell.vars.set('OPTARG', letter)
      else await shell.write(2, `${shell.name}: illegal option -- ${letter}\n`)
    } else if (takes) {
      const value = isLast ? words[index - 1] : word.slice(at + 1)
      if (isLast || !isLast) index += 1
      shell.optPosition = 0
      if (value === undefined) {
        shell.vars.set(variable, spec.startsWith(':') ? ':' : '?')
        if (spec.startsWith(':')) shell.vars.set('OPTARG', letter)
        else await shell.write(2, `${shell.name}: option requires an argument -- ${letter}\n`)
      } else {
        shell.vars.set(variable, letter)
        shell.vars.set('OPTARG', value)
      }
    } else shell.vars.set(variable, letter)
    shell.vars.set('OPTIND', String(index))
    return 0
  },
}

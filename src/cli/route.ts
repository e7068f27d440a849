import { UsageError } from '../errors.ts'

export type Known = { id: string; hidden?: boolean | undefined }

/** Global flags whose value may stand in the next word. */
const takesNext = new Set(['-c', '--config'])

/**
 * Which command the words mean, and what is left for it: the longest run of words that names one (`lab start`).
 * Global flags may stand before it. Without any word it is the hidden command `here`, which says where things stand.
 * Throws a UsageError that lists what there is.
 */
export function route(words: readonly string[], commands: readonly Known[]): { id: string; rest: string[] } {
  const begin = words.findIndex((word, at) => !word.startsWith('-') && !takesNext.has(words[at - 1] ?? ''))
  if (begin === -1 || words[begin - 1] === '--') return { id: 'here', rest: [...words] }
  const flags = words.slice(0, begin)
  const names = words.slice(begin)
  const ids = new Set(commands.map(command => command.id))
  const flagAt = names.findIndex(word => word.startsWith('-'))
  for (let length = flagAt === -1 ? names.length : flagAt; length > 0; length--) {
    const id = names.slice(0, length).join(':')
    if (ids.has(id)) return { id, rest: [...flags, ...names.slice(length)] }
  }
  throw unknown(names, commands)
}

function unknown([first = '', second]: readonly string[], commands: readonly Known[]): UsageError {
  const visible = commands.filter(command => !command.hidden).map(command => command.id.split(':'))
  const below = visible.filter(id => id[0] === first)
  const topic = below.length > 0
  const typed = topic && second !== undefined && !second.startsWith('-') ? `${first} ${second}` : first
  const names = new Set(topic ? below.map(id => id.join(' ')) : visible.map(([name]) => name))
  const what = topic && typed === first ? `'${typed}' needs a second word` : `There is no command '${typed}'`
  return new UsageError(`${what}. There are: ${[...names].join(', ')}.`, {
    code: 'unknown-command',
    hint: topic ? `cosmos ${first} --help` : 'cosmos --help',
  })
}

/** Parsed command line of a simulated program. */
export type Parsed = {
  /** Options given, without dashes. */
  flags: Set<string>
  values: Map<string, string>
  /** Every value of an option that was repeated. */
  all(name: string): string[]
  rest: string[]
  unknown: string | undefined
}

/**
 * getopt_long: `valued` names options that take a value (`o`, `mode`), `known` those that do not; an empty `known` takes all.
 * Options may stand behind operands unless `strict`.
 */
export function parseArguments(
  args: readonly string[],
  valued: readonly string[] = [],
  known: readonly string[] = [],
  strict = false,
): Parsed {
  const flags = new Set<string>()
  const pairs: [string, string][] = []
  const rest: string[] = []
  let unknown: string | undefined
  const todo = [...args]
  const take = (name: string, value: string) => {
    flags.add(name)
    pairs.push([name, value])
  }
  const flag = (name: string) => {
    if (known.length > 0 && !known.includes(name)) unknown ??= name
    flags.add(name)
  }
  while (todo.length > 0) {
    const word = todo.shift() as string
    if (word === '--') {
      rest.push(...todo)
      break
    }
    if (word.startsWith('--')) {
      const [name, value] = split(word.slice(2))
      if (valued.includes(name)) take(name, value ?? todo.shift() ?? '')
      else {
        flag(name)
        if (value !== undefined) pairs.push([name, value])
      }
    } else if (/^-./.test(word)) {
      for (let at = 1; at < word.length; at += 1) {
        const letter = word[at] as string
        if (valued.includes(letter)) {
          take(letter, at + 1 < word.length ? word.slice(at + 1) : (todo.shift() ?? ''))
          break
        }
        flag(letter)
      }
    } else {
      rest.push(word)
      if (strict) {
        rest.push(...todo)
        break
      }
    }
  }
  return {
    flags,
    values: new Map(pairs),
    all: name => pairs.filter(pair => pair[0] === name).map(pair => pair[1]),
    rest,
    unknown,
  }
}

function split(text: string): [string, string | undefined] {
  const at = text.indexOf('=')
  return at < 0 ? [text, undefined] : [text.slice(0, at), text.slice(at + 1)]
}

import type { Shell } from '../shell.ts'
import type { Builtin } from './index.ts'

/** A signal that fires with the shell's death or after a time. */
function limited(shell: Shell, seconds: number | undefined): { signal: AbortSignal; done(): void } {
  if (seconds === undefined) return { signal: shell.signal, done: () => undefined }
  const timeout = new AbortController()
  const sleeper = new AbortController()
  const forward = () => timeout.abort(shell.signal.reason)
  shell.signal.addEventListener('abort', forward, { once: true })
  shell.host.clock.sleep(seconds * 1000, sleeper.signal).then(
    () => timeout.abort(new Error('timeout')),
    () => undefined,
  )
  return {
    signal: timeout.signal,
    done() {
      sleeper.abort()
      shell.signal.removeEventListener('abort', forward)
    },
  }
}

function trailing(text: string): { continues: boolean } {
  const continues = /(^|[^\\])(\\\\)*\\$/.test(text)
  return { continues }
}

/** Splits a line at IFS for n variables; the last takes the rest. */
function fields(line: string, ifs: string, count: number, raw: boolean): string[] {
  const result: string[] = []
  let at = 0
  const isSpace = (char: string | undefined) =>
    char !== undefined && ifs.includes(char) && ' \t\n'.includes(char)
  while (isSpace(line[at])) at += 1
  while (result.length < count - 1 && at < line.length) {
    let field = ''
    while (at < line.length && !ifs.includes(line[at] as string)) {
      if (line[at] === '\\' && !raw) at += 1
      field += line[at] ?? ''
      at += 1
    }
    result.push(field)
    while (isSpace(line[at])) at += 1
    if (at < line.length && ifs.includes(line[at] as string) && !isSpace(line[at])) {
      at += 1
      while (isSpace(line[at])) at += 1
    }
  }
  let rest = line.slice(at)
  let end = rest.length
  while (end > 0 && isSpace(rest[end - 1])) end -= 1
  rest = rest.slice(0, end)
  if (!raw) rest = rest.replace(/\\(.)/g, '$1')
  result.push(rest)
  while (result.length < count) result.push('')
  return result
}

const readLine: Builtin = async (shell, args) => {
  const words = [...args]
  let raw = false
  let delimiter = '\n'
  let prompt = ''
  let seconds: number | undefined
  let array: string | undefined
  let fd = 0
  while (/^-./.test(words[0] ?? '')) {
    const word = words.shift() as string
    if (word === '--') break
    for (let at = 1; at < word.length; at += 1) {
      const letter = word[at] as string
      if (letter === 'r') raw = true
      else if (letter === 's' || letter === 'e') continue
      else {
        const value = at + 1 < word.length ? word.slice(at + 1) : (words.shift() ?? '')
        if (letter === 'd') delimiter = value === '' ? '\0' : value.slice(0, 1)
        if (letter === 'p') prompt = value
        if (letter === 't') seconds = Number(value)
        if (letter === 'a') array = value
        if (letter === 'u') fd = Number(value)
        break
      }
    }
  }
  const file = shell.fds.get(fd)
  if (!file) {
    await shell.complain(`read: ${fd}: invalid file descriptor: Bad file descriptor`)
    return 1
  }
  if (prompt && file.channel.isTty) await shell.write(2, prompt)
  const limit = limited(shell, seconds)
  let line = ''
  let ended = false
  try {
    while (true) {
      const next = await file.readUntil(delimiter, limit.signal)
      if (!next) break
      line += next.text
      ended = next.ended
      if (raw || !ended || !trailing(line).continues) break
      line = line.slice(0, -1)
    }
  } catch (error) {
    if (shell.signal.aborted || !limit.signal.aborted) throw error
    return 142
  } finally {
    limit.done()
  }
  const ifs = shell.vars.find('IFS')?.isSet ? (shell.vars.get('IFS') ?? '') : ' \t\n'
  if (array !== undefined) {
    const parts =
      line.trim() === ''
        ? []
        : fields(line, ifs, Number.MAX_SAFE_INTEGER, raw).filter(
            (part, index, all) => part !== '' || index < all.length - 1,
          )
    shell.vars.setArray(array, new Map(parts.map((part, index) => [String(index), part])))
  } else if (words.length === 0) shell.vars.set('REPLY', raw ? line : line.replace(/\\(.)/g, '$1'))
  else {
    const values = fields(line, ifs, words.length, raw)
    for (const [index, name] of words.entries()) shell.vars.set(name, values[index] ?? '')
  }
  return ended ? 0 : 1
}

const mapfile: Builtin = async (shell, args) => {
  let trim = false
  let delimiter = '\n'
  const words = [...args]
  while (/^-./.test(words[0] ?? '')) {
    const word = words.shift() as string
    if (word.includes('t')) trim = true
    if (word.endsWith('d')) delimiter = (words.shift() ?? '').slice(0, 1) || '\0'
  }
  const text = (await shell.fds.get(0)?.readAll(shell.signal))?.toString('utf8') ?? ''
  const lines = text.split(delimiter)
  if (lines.at(-1) === '') lines.pop()
  shell.vars.setArray(
    words[0] ?? 'MAPFILE',
    new Map(lines.map((line, index) => [String(index), trim ? line : line + delimiter])),
  )
  return 0
}

/** read and mapfile. */
export const read = { read: readLine, mapfile }

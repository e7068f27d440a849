import { createHash } from 'node:crypto'
import { gunzipSync, gzipSync } from 'node:zlib'
import { FsError } from '../fs/errno.ts'
import type { Call, Program } from '../shell/host.ts'
import { fileChannel, OpenFile } from '../shell/streams.ts'
import { parseArguments } from './arguments.ts'
import { linesOf, readOperand, readOperands } from './input.ts'

const cat: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  let status = 0
  let number = 0
  for (const path of rest.length > 0 ? rest : ['-']) {
    if (path === '-') {
      for (let chunk = await call.stdin.read(call.signal); chunk; chunk = await call.stdin.read(call.signal))
        await call.out(chunk)
      continue
    }
    const { texts, status: failed } = await readOperands(call, [path])
    status ||= failed
    for (const { data } of texts) {
      if (!flags.has('n')) await call.out(data)
      else
        for (const line of linesOf(data)) {
          number += 1
          await call.out(`${String(number).padStart(6)}\t${line}\n`)
        }
    }
  }
  return status
}

const tee: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  let status = 0
  const outputs: OpenFile[] = []
  for (const path of rest) {
    try {
      const append = flags.has('a') || flags.has('append')
      const found = call.host.vfs.create(path, call.cwd, { truncate: !append })
      if (found.node.kind === 'file') outputs.push(new OpenFile(fileChannel(call.host.vfs, found, append)))
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      status = await call.fail(`${path}: ${error.message}`)
    }
  }
  for (let chunk = await call.stdin.read(call.signal); chunk; chunk = await call.stdin.read(call.signal)) {
    for (const output of outputs) await output.write(chunk, call.signal)
    await call.out(chunk)
  }
  return status
}

/** `-n 5`, `-5`, `-n +3`, `-c 10`. */
function count(args: readonly string[]): {
  parsed: ReturnType<typeof parseArguments>
  amount: string
  bytes: boolean
} {
  const short = args.find(argument => /^-\d+$/.test(argument))
  const parsed = parseArguments(
    args.filter(argument => argument !== short),
    ['n', 'c', 'lines', 'bytes', 's'],
  )
  const bytes = parsed.values.get('c') ?? parsed.values.get('bytes')
  return {
    parsed,
    amount: bytes ?? parsed.values.get('n') ?? parsed.values.get('lines') ?? short?.slice(1) ?? '10',
    bytes: bytes !== undefined,
  }
}

const head: Program = async call => {
  const { parsed, amount, bytes } = count(call.args)
  if (parsed.rest.length === 0 && !bytes && !amount.startsWith('-')) {
    for (let left = Number(amount); left > 0; left -= 1) {
      const line = await call.stdin.readUntil('\n', call.signal)
      if (!line) break
      await call.out(line.text + (line.ended ? '\n' : ''))
    }
    return 0
  }
  const { texts, status } = await readOperands(call, parsed.rest)
  for (const [index, { path, data }] of texts.entries()) {
    if (texts.length > 1 && !parsed.flags.has('q'))
      await call.out(`${index > 0 ? '\n' : ''}==> ${path} <==\n`)
    if (bytes) await call.out(data.subarray(0, Number(amount)))
    else
      await call.out(
        linesOf(data)
          .slice(0, Number(amount))
          .map(line => `${line}\n`)
          .join(''),
      )
  }
  return status
}

const tail: Program = async call => {
  const { parsed, amount, bytes } = count(call.args)
  const follow = parsed.flags.has('f') || parsed.flags.has('F') || parsed.flags.has('follow')
  const { texts, status } = await readOperands(call, parsed.rest)
  for (const [index, { path, data }] of texts.entries()) {
    if (texts.length > 1 && !parsed.flags.has('q'))
      await call.out(`${index > 0 ? '\n' : ''}==> ${path} <==\n`)
    if (bytes)
      await call.out(
        amount.startsWith('+')
          ? data.subarray(Number(amount) - 1)
          : data.subarray(Math.max(0, data.length - Number(amount))),
      )
    else {
      const lines = data.toString('utf8').split(/(?<=\n)/)
      await call.out(
        (amount.startsWith('+')
          ? lines.slice(Math.max(0, Number(amount) - 1))
          : Number(amount) === 0
            ? []
            : lines.slice(-Number(amount))
        ).join(''),
      )
    }
  }
  const path = parsed.rest.at(-1)
  if (!follow || path === undefined) return status
  let seen = texts.at(-1)?.data.length ?? 0
  while (true) {
    await call.host.clock.sleep(1000, call.signal)
    const found = call.host.vfs.look(path, call.cwd)
    const data = found ? call.host.vfs.readFile(path, call.cwd) : Buffer.alloc(0)
    if (data.length < seen) seen = 0
    if (data.length > seen) await call.out(data.subarray(seen))
    seen = data.length
  }
}

const wc: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  const { texts, status } = await readOperands(call, rest)
  for (const { path, data } of texts) {
    const text = data.toString('utf8')
    const numbers: string[] = []
    const any = ['l', 'w', 'c', 'm'].some(flag => flags.has(flag))
    if (flags.has('l') || !any) numbers.push(String(text.split('\n').length - 1))
    if (flags.has('w') || !any) numbers.push(String(text.split(/\s+/).filter(Boolean).length))
    if (flags.has('c') || !any) numbers.push(String(data.length))
    if (flags.has('m')) numbers.push(String([...text].length))
    const columns = numbers.length === 1 ? numbers : numbers.map(number => number.padStart(7))
    await call.out(`${columns.join(' ')}${rest.length > 0 ? ` ${path}` : ''}\n`)
  }
  return status
}

const sort: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['k', 't', 'o', 'key'])
  const { texts, status } = await readOperands(call, rest)
  let lines = texts.flatMap(({ data }) => linesOf(data))
  const key = (line: string) => {
    const spec = values.get('k') ?? values.get('key')
    if (!spec) return line
    const fields = line.split(values.get('t') ?? /\s+/)
    const [from, to] = spec.split(',').map(part => Number.parseInt(part, 10))
    return fields.slice((from ?? 1) - 1, to).join(' ')
  }
  const spec = values.get('k') ?? ''
  const numeric = flags.has('n') || spec.includes('n')
  const compare = (a: string, b: string) => {
    if (flags.has('V')) return a.localeCompare(b, 'en', { numeric: true })
    if (numeric) return (Number.parseFloat(a) || 0) - (Number.parseFloat(b) || 0)
    return a < b ? -1 : a > b ? 1 : 0
  }
  lines.sort((a, b) => compare(key(a), key(b)))
  if (flags.has('r') || spec.includes('r')) lines.reverse()
  if (flags.has('u'))
    lines = lines.filter((line, index) => index === 0 || key(line) !== key(lines[index - 1] as string))
  const text = lines.map(line => `${line}\n`).join('')
  if (values.has('o')) call.host.vfs.writeFile(values.get('o') as string, text, {}, call.cwd)
  else await call.out(text)
  return status
}

const uniq: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  const lines = linesOf(await readOperand(call, rest[0] ?? '-'))
  for (let at = 0; at < lines.length; ) {
    let end = at + 1
    while (end < lines.length && lines[end] === lines[at]) end += 1
    const skip = (flags.has('d') && end - at === 1) || (flags.has('u') && end - at > 1)
    if (!skip) await call.out(`${flags.has('c') ? `${String(end - at).padStart(7)} ` : ''}${lines[at]}\n`)
    at = end
  }
  return 0
}

const cut: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, [
    'd',
    'f',
    'c',
    'b',
    'delimiter',
    'fields',
    'output-delimiter',
  ])
  const delimiter = values.get('d') ?? values.get('delimiter') ?? '\t'
  const spec = values.get('f') ?? values.get('fields') ?? values.get('c') ?? values.get('b')
  if (spec === undefined) return call.fail('you must specify a list of bytes, characters, or fields')
  const ranges = spec.split(',').map(part => {
    const [from, to] = part.includes('-') ? part.split('-') : [part, part]
    return [Number(from || 1), to === '' ? Number.POSITIVE_INFINITY : Number(to)] as const
  })
  const wanted = (position: number) => ranges.some(([from, to]) => position >= from && position <= to)
  const { texts, status } = await readOperands(call, rest)
  for (const { data } of texts) {
    for (const line of linesOf(data)) {
      const byField = values.has('f') || values.has('fields')
      if (byField && !line.includes(delimiter)) {
        if (!flags.has('s')) await call.out(`${line}\n`)
        continue
      }
      const parts = byField ? line.split(delimiter) : [...line]
      const kept = parts.filter((_, index) => wanted(index + 1))
      await call.out(`${kept.join(byField ? (values.get('output-delimiter') ?? delimiter) : '')}\n`)
    }
  }
  return status
}

function expandSet(text: string): string[] {
  const classes: Record<string, string> = {
    upper: 'A-Z',
    lower: 'a-z',
    digit: '0-9',
    alnum: 'A-Za-z0-9',
    alpha: 'A-Za-z',
    space: ' \t\n\r\v\f',
    blank: ' \t',
    punct: '!-/:-@[-`{-~',
    cntrl: '\x00-\x1f',
  }
  const plain = text
    .replace(/\[:(\w+):\]/g, (_, name: string) => classes[name] ?? '')
    .replace(
      /\\([nrt\\]|[0-7]{1,3})/g,
      (_, sign: string) =>
        ({ n: '\n', r: '\r', t: '\t', '\\': '\\' })[sign] ?? String.fromCharCode(Number.parseInt(sign, 8)),
    )
  const result: string[] = []
  for (let at = 0; at < plain.length; at += 1) {
    if (plain[at + 1] === '-' && at + 2 < plain.length) {
      for (let code = plain.charCodeAt(at); code <= plain.charCodeAt(at + 2); code += 1)
        result.push(String.fromCharCode(code))
      at += 2
    } else result.push(plain[at] as string)
  }
  return result
}

const tr: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  const from = expandSet(rest[0] ?? '')
  const to = expandSet(rest[1] ?? '')
  const complement = flags.has('c') || flags.has('C')
  const inSet = (char: string) => from.includes(char) !== complement
  const text = (await call.stdin.readAll(call.signal)).toString('utf8')
  let result = ''
  for (const char of text) {
    if (flags.has('d') && inSet(char)) continue
    let next = char
    if (!flags.has('d') && to.length > 0 && inSet(char))
      next = complement ? (to.at(-1) as string) : (to[Math.min(from.indexOf(char), to.length - 1)] as string)
    const squeeze = flags.has('s') && (to.length > 0 ? to.includes(next) : inSet(next))
    if (squeeze && result.endsWith(next)) continue
    result += next
  }
  await call.out(result)
  return 0
}

const seq: Program = async call => {
  const separator = call.args.includes('-s') ? (call.args[call.args.indexOf('-s') + 1] ?? '\n') : '\n'
  const numbers = call.args.filter(argument => /^-?\d+(\.\d+)?$/.test(argument)).map(Number)
  const [first, step, last] =
    numbers.length === 1 ? [1, 1, numbers[0]] : numbers.length === 2 ? [numbers[0], 1, numbers[1]] : numbers
  if (first === undefined || step === undefined || last === undefined) return call.fail('missing operand')
  const lines: string[] = []
  for (let value = first; step > 0 ? value <= last : value >= last; value += step) lines.push(String(value))
  const width = call.args.includes('-w') ? Math.max(...lines.map(line => line.length)) : 0
  if (lines.length > 0) await call.out(`${lines.map(line => line.padStart(width, '0')).join(separator)}\n`)
  return 0
}

const base64: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['w', 'wrap'])
  const { texts, status } = await readOperands(call, rest.slice(0, 1))
  const data = texts[0]?.data ?? Buffer.alloc(0)
  if (status !== 0) return status
  if (flags.has('d') || flags.has('decode') || flags.has('D')) {
    const text = data.toString('utf8')
    const clean = text.replace(/\s/g, '')
    await call.out(Buffer.from(clean, 'base64'))
    return /^[A-Za-z0-9+/]*={0,2}$/.test(clean) && clean.length % 4 === 0 ? 0 : call.fail('invalid input')
  }
  const width = Number(values.get('w') ?? values.get('wrap') ?? 76)
  const text = data.toString('base64')
  await call.out(width === 0 ? text : text.replace(new RegExp(`.{1,${width}}`, 'g'), '$&\n'))
  return 0
}

const gzip: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  const decompress = flags.has('d') || call.name === 'gunzip' || call.name === 'zcat'
  const toStdout = flags.has('c') || call.name === 'zcat' || rest.length === 0
  const { texts, status } = await readOperands(call, rest)
  for (const { path, data } of texts) {
    let result: Buffer
    try {
      result = decompress ? gunzipSync(data) : gzipSync(data)
    } catch (error) {
      return call.fail(`${path === '-' ? 'stdin' : path}: not in gzip format`, error instanceof Error ? 1 : 2)
    }
    if (toStdout) await call.out(result)
    else {
      call.host.vfs.writeFile(decompress ? path.replace(/\.gz$/, '') : `${path}.gz`, result, {}, call.cwd)
      if (!flags.has('k')) call.host.vfs.unlink(path, call.cwd)
    }
  }
  return status
}

const checksum: Program = async call => {
  const algorithm = call.name.replace('sum', '')
  const { flags, rest } = parseArguments(call.args)
  const digest = (data: Buffer) => createHash(algorithm).update(data).digest('hex')
  const { texts, status } = await readOperands(call, rest)
  if (!flags.has('c') && !flags.has('check')) {
    for (const { path, data } of texts) await call.out(`${digest(data)}  ${path}\n`)
    return status
  }
  let failed = status
  for (const line of texts.flatMap(({ data }) => linesOf(data))) {
    const [, expected, path] = /^([0-9a-f]+) [ *](.*)$/.exec(line) ?? []
    if (!expected || !path) continue
    const isEqual =
      call.host.vfs.exists(path, call.cwd) && digest(call.host.vfs.readFile(path, call.cwd)) === expected
    if (!flags.has('status') && !(flags.has('quiet') && isEqual))
      await call.out(`${path}: ${isEqual ? 'OK' : 'FAILED'}\n`)
    if (!isEqual) failed = 1
  }
  if (failed) await call.err(`${call.name}: WARNING: 1 computed checksum did NOT match\n`)
  return failed
}

async function pair(call: Call): Promise<[Buffer, Buffer] | undefined> {
  const paths = call.args.filter(argument => !/^-./.test(argument))
  const { texts } = await readOperands(call, paths)
  return texts.length === 2 ? [texts[0]?.data as Buffer, texts[1]?.data as Buffer] : undefined
}

const cmp: Program = async call => {
  const both = await pair(call)
  if (!both) return 2
  if (both[0].equals(both[1])) return 0
  const paths = call.args.filter(argument => !/^-./.test(argument))
  if (!call.args.includes('-s') && !call.args.includes('-q'))
    await call.out(
      call.name === 'diff'
        ? `Files ${paths[0]} and ${paths[1]} differ\n`
        : `${paths[0]} ${paths[1]} differ\n`,
    )
  return 1
}

const rev: Program = async call => {
  const { texts, status } = await readOperands(call, call.args)
  for (const { data } of texts)
    for (const line of linesOf(data)) await call.out(`${[...line].reverse().join('')}\n`)
  return status
}

const tac: Program = async call => {
  const { texts, status } = await readOperands(call, call.args)
  for (const { data } of texts) for (const line of linesOf(data).reverse()) await call.out(`${line}\n`)
  return status
}

const paste: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['d'])
  const { texts, status } = await readOperands(call, rest)
  if (flags.has('s'))
    for (const { data } of texts) await call.out(`${linesOf(data).join(values.get('d') ?? '\t')}\n`)
  return status
}

/** Filters over text and bytes. */
export const text: Record<string, Program> = {
  cat,
  tee,
  head,
  tail,
  wc,
  sort,
  uniq,
  cut,
  tr,
  seq,
  base64,
  gzip,
  gunzip: gzip,
  zcat: gzip,
  sha256sum: checksum,
  sha1sum: checksum,
  sha512sum: checksum,
  md5sum: checksum,
  cmp,
  diff: cmp,
  rev,
  tac,
  paste,
}

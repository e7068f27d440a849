import { FsError } from '../fs/errno.ts'
import { setOptions } from '../shell/builtins/options.ts'
import { format, strftime } from '../shell/builtins/printf.ts'
import { runShell, which } from '../shell/exec.ts'
import type { Call, Program } from '../shell/host.ts'
import { signalNumber } from '../shell/process.ts'
import { defaultPath } from '../shell/shell.ts'
import { nullChannel, OpenFile } from '../shell/streams.ts'
import { idOf } from './accounts.ts'
import { parseArguments } from './arguments.ts'

const bash: Program = async call => {
  const options: string[] = []
  const args = [...call.args]
  let command: string | undefined
  while (/^[-+]./.test(args[0] ?? '')) {
    const word = args.shift() as string
    if (word === '--') break
    if (word.startsWith('--')) continue
    if (word.includes('c') && !word.startsWith('-o')) {
      command = ''
      const others = word.replace('c', '')
      if (others.length > 1) options.push(others)
    } else if (word.endsWith('o')) options.push(word, args.shift() ?? '')
    else options.push(word)
  }
  if (args[0] === '-') {
    args.shift()
    options.push('-s')
  }
  let name = call.args.length === 0 ? call.name : (args[0] ?? call.name)
  let source: string
  if (command !== undefined) {
    if (args.length === 0) return call.fail('-c: option requires an argument', 2)
    source = args.shift() as string
    name = args.shift() ?? call.name
  } else if (args.length > 0 && !options.includes('-s')) {
    const path = args.shift() as string
    try {
      source = call.host.vfs.readText(path, call.cwd)
    } catch (error) {
      if (!(error instanceof FsError)) throw error
      return call.fail(`${path}: ${error.message}`, 127)
    }
  } else {
    name = call.name
    source = (await call.stdin.readAll(call.signal)).toString('utf8')
  }
  const shellOptions = { options: new Set<string>() }
  setOptions(
    shellOptions as Parameters<typeof setOptions>[0],
    options.filter(option => option !== '-l' && option !== '-i' && option !== '-s'),
  )
  return runShell(call.host, source, {
    name,
    args,
    commandString: command !== undefined,
    options: [...shellOptions.options],
    env: call.env,
    cwd: call.cwd,
    fds: new Map([
      [0, call.stdin],
      [1, call.stdout],
      [2, call.stderr],
    ]),
    parent: call.process,
    started: process => {
      process.argv = [call.name, ...call.args]
      call.signal.addEventListener('abort', () => process.abort.abort(call.signal.reason), { once: true })
    },
  })
}

const env: Program = async call => {
  const args = [...call.args]
  const environment = { ...call.env }
  while (args.length > 0) {
    const word = args[0] as string
    if (word === '-i' || word === '-') for (const key of Object.keys(environment)) delete environment[key]
    else if (word === '-u') delete environment[args.splice(1, 1)[0] ?? '']
    else if (word === '--' || word === '-S') {
      args.shift()
      break
    } else if (/^[A-Za-z_]\w*=/.test(word))
      environment[word.slice(0, word.indexOf('='))] = word.slice(word.indexOf('=') + 1)
    else break
    args.shift()
  }
  if (args.length > 0) return call.run(args, { env: environment })
  for (const [name, value] of Object.entries(environment)) await call.out(`${name}=${value}\n`)
  return 0
}

/** `5`, `1.5s`, `2m`, `1h`, `infinity` → milliseconds; undefined for nonsense. */
export function durationMs(text: string): number | undefined {
  if (text === 'infinity') return 2 ** 31
  const found = /^(\d*\.?\d+)([smhd]?)$/.exec(text)
  if (!found) return undefined
  return Number(found[1]) * { '': 1000, s: 1000, m: 60000, h: 3600000, d: 86400000 }[found[2] as '' | 's']
}

const sleep: Program = async call => {
  let total = 0
  for (const word of call.args) {
    const ms = durationMs(word)
    if (ms === undefined) return call.fail(`invalid time interval '${word}'`)
    total += ms
  }
  if (call.args.length === 0) return call.fail('missing operand')
  await call.host.clock.sleep(total, call.signal)
  return 0
}

const timeout: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['s', 'k', 'signal', 'kill-after'], [], true)
  const ms = durationMs(rest[0] ?? '')
  if (ms === undefined || rest.length < 2) return call.fail(`invalid time interval '${rest[0] ?? ''}'`, 125)
  const signal = signalNumber(values.get('s') ?? values.get('signal') ?? 'TERM') ?? 15
  let expired = false
  let pid = 0
  const sleeper = new AbortController()
  const stop = () => sleeper.abort()
  const watch = async () => {
    await call.host.clock.sleep(ms, sleeper.signal)
    expired = true
    call.host.processes.killTree(pid, signal)
    const after = durationMs(values.get('k') ?? values.get('kill-after') ?? '')
    if (after === undefined) return
    await call.host.clock.sleep(after, sleeper.signal)
    call.host.processes.killTree(pid, 9)
  }
  call.signal.addEventListener('abort', () => call.host.processes.killTree(pid, 15), { once: true })
  const watching =
    ms === 0
      ? Promise.resolve()
      : watch().catch(error => {
          if (!sleeper.signal.aborted) throw error
        })
  const status = await call.run(rest.slice(1), {
    started: process => {
      pid = process.pid
    },
  })
  stop()
  await watching
  return expired && !flags.has('preserve-status') ? (status === 137 ? 137 : 124) : status
}

const date: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['d', 'date', 'r', 's'])
  const given = values.get('d') ?? values.get('date')
  let ms = call.host.clock.now()
  if (values.has('r')) ms = call.host.vfs.find(values.get('r') as string, call.cwd).node.mtimeMs
  if (given?.startsWith('@')) ms = Number(given.slice(1)) * 1000
  else if (given !== undefined && given !== 'now') {
    ms = Date.parse(/[zZ]|[+-]\d\d:?\d\d$/.test(given) ? given : `${given}Z`)
    if (Number.isNaN(ms)) ms = Date.parse(`${given} UTC`)
    if (Number.isNaN(ms)) return call.fail(`invalid date '${given}'`)
  }
  const iso = [...flags].find(flag => flag.startsWith('I') || flag === 'iso-8601')
  const style = call.args.find(argument => argument.startsWith('-I') || argument.startsWith('--iso-8601'))
  if (iso && style) {
    await call.out(
      `${strftime(/s|seconds/.test(style.replace('--iso-8601', '')) ? '%FT%T+00:00' : '%F', ms)}\n`,
    )
    return 0
  }
  const template = rest.find(word => word.startsWith('+'))?.slice(1)
  await call.out(
    `${strftime(template ?? (flags.has('R') ? '%a, %d %b %Y %T +0000' : '%a %b %e %T UTC %Y'), ms)}\n`,
  )
  return 0
}

const xargs: Program = async call => {
  const { flags, values, rest } = parseArguments(call.args, ['n', 'I', 'P', 'd', 'L', 'max-args'], [], true)
  const input = (await call.stdin.readAll(call.signal)).toString('utf8')
  const separator = flags.has('0') || flags.has('null') ? '\0' : values.get('d')?.replace('\\n', '\n')
  const items =
    separator === undefined && !values.has('I')
      ? input.split(/\s+/).map(word => word.replace(/^(["'])(.*)\1$/, '$2'))
      : input.split(separator ?? '\n')
  const words = items.filter(item => item !== '')
  const command = rest.length > 0 ? rest : ['echo']
  if (words.length === 0 && (flags.has('r') || flags.has('no-run-if-empty') || values.has('I'))) return 0
  const size = values.has('I')
    ? 1
    : Number(values.get('n') ?? values.get('L') ?? values.get('max-args') ?? 1000)
  let status = 0
  const none = new OpenFile(nullChannel)
  for (let at = 0; at === 0 || at < words.length; at += size) {
    const part = words.slice(at, at + size)
    const marker = values.get('I')
    const argv =
      marker === undefined
        ? [...command, ...part]
        : command.map(word => word.replaceAll(marker, part[0] ?? ''))
    const code = await call.run(argv, { stdin: none })
    if (code === 127 || code === 126) return code
    if (code !== 0) status = 123
  }
  return status
}

const baseOf = (path: string) => path.replace(/\/+$/, '').split('/').at(-1) || '/'

const basename: Program = async call => {
  const { values, rest } = parseArguments(call.args, ['s'])
  const suffix = values.get('s') ?? rest[1] ?? ''
  const name = baseOf(rest[0] ?? '')
  await call.out(
    `${suffix !== '' && name !== suffix && name.endsWith(suffix) ? name.slice(0, -suffix.length) : name}\n`,
  )
  return 0
}

const dirname: Program = async call => {
  for (const path of call.args) {
    const parts = path.replace(/\/+$/, '').split('/')
    parts.pop()
    await call.out(`${parts.join('/') || (path.startsWith('/') ? '/' : '.')}\n`)
  }
  return 0
}

const whichProgram: Program = async call => {
  let status = 0
  for (const name of call.args.filter(argument => !argument.startsWith('-'))) {
    const path = which(call.host, name, call.env.PATH ?? defaultPath, call.cwd)
    if (path) await call.out(`${path}\n`)
    else status = 1
  }
  return status
}

const id: Program = async call => {
  const { flags, rest } = parseArguments(call.args)
  const uid = rest[0] === undefined ? 0 : idOf(call.host.vfs, 'passwd', rest[0])
  if (uid === undefined) return call.fail(`'${rest[0]}': no such user`)
  const name = rest[0] ?? 'root'
  if (flags.has('u') || flags.has('g')) await call.out(`${flags.has('n') ? name : uid}\n`)
  else await call.out(`uid=${uid}(${name}) gid=${uid}(${name}) groups=${uid}(${name})\n`)
  return 0
}

const expr: Program = async call => {
  const [left = '', operator, right = ''] = call.args
  let result: string
  if (operator === ':') {
    const found = new RegExp(`^(?:${right.replace(/\\([()])/g, '$1')})`).exec(left)
    result = found ? (found[1] ?? String(found[0].length)) : '0'
  } else if (operator === undefined) result = left
  else {
    const [a, b] = [Number(left), Number(right)]
    const table: Record<string, number | boolean> = {
      '+': a + b,
      '-': a - b,
      '*': a * b,
      '/': Math.trunc(a / b),
      '%': a % b,
      '<': a < b,
      '>': a > b,
      '=': left === right,
      '!=': left !== right,
      '<=': a <= b,
      '>=': a >= b,
    }
    result = String(Number(table[operator] ?? 0))
  }
  await call.out(`${result}\n`)
  return result === '0' || result === '' ? 1 : 0
}

const nohup: Program = call => call.run(call.args, { started: process => process.ignored.add(1) })

const setsid: Program = async call => {
  const args = call.args.filter(argument => argument !== '-f' && argument !== '--fork' && argument !== '-w')
  const inner = call.run(args, {
    started: process => {
      process.ppid = 1
    },
  })
  return call.args.includes('-w') || !call.args.includes('-f') ? inner : 0
}

const sudo: Program = call => {
  const { rest } = parseArguments(call.args, ['u', 'g'], [], true)
  return call.run(rest.filter((word, index) => index > 0 || !/=/.test(word)))
}

const yes: Program = async call => {
  while (true) await call.out(`${call.args[0] ?? 'y'}\n`)
}

const kill: Program = async call => {
  let signal = 15
  let status = 0
  for (const word of call.args) {
    if (word.startsWith('-') && signalNumber(word.slice(1)) !== undefined)
      signal = signalNumber(word.slice(1)) ?? 15
    else if (/^\d+$/.test(word) && !call.host.processes.kill(Number(word), signal))
      status = await call.fail(`(${word}): No such process`)
  }
  return status
}

const locks = new WeakMap<object, Map<string, { release: Promise<void> }>>()

const flock: Program = async call => {
  const { flags, values, rest } = parseArguments(
    call.args,
    ['w', 'c', 'E', 'timeout', 'wait', 'command'],
    [],
    true,
  )
  const path = rest[0] ?? ''
  if (/^\d+$/.test(path) && rest.length === 1) return 0
  call.host.vfs.create(path, call.cwd, { truncate: false })
  const held = locks.get(call.host) ?? new Map<string, { release: Promise<void> }>()
  locks.set(call.host, held)
  const limit = durationMs(values.get('w') ?? values.get('timeout') ?? values.get('wait') ?? '')
  const deadline = limit === undefined ? Number.POSITIVE_INFINITY : call.host.clock.now() + limit
  while (held.has(path)) {
    if (flags.has('n') || flags.has('nonblock') || call.host.clock.now() >= deadline)
      return Number(values.get('E') ?? 1)
    await call.host.clock.sleep(100, call.signal)
  }
  let done: () => void = () => undefined
  held.set(path, {
    release: new Promise(resolve => {
      done = resolve
    }),
  })
  try {
    const command = values.get('c') ?? values.get('command')
    return await call.run(command === undefined ? rest.slice(1) : ['bash', '-c', command])
  } finally {
    held.delete(path)
    done()
  }
}

const printfProgram: Program = async call => {
  const [template = '', ...args] = call.args
  const { text, bad } = format(template, args, call.host.clock.now())
  await call.out(text)
  return bad === undefined ? 0 : call.fail(`'${bad}': expected a numeric value`)
}

const echoProgram: Program = async call => {
  const isBare = call.args[0] === '-n'
  await call.out(call.args.slice(isBare ? 1 : 0).join(' ') + (isBare ? '' : '\n'))
  return 0
}

const printenv: Program = async call => {
  const [name] = call.args
  if (name === undefined)
    for (const [key, value] of Object.entries(call.env)) await call.out(`${key}=${value}\n`)
  else if (call.env[name] === undefined) return 1
  else await call.out(`${call.env[name]}\n`)
  return 0
}

const testProgram: Program = (call: Call) =>
  call.run(['bash', '-c', `${call.name} "$@"`, 'test', ...call.args])

/** Programs about processes, time and the environment. */
export const system: Record<string, Program> = {
  bash,
  sh: bash,
  dash: bash,
  env,
  sleep,
  timeout,
  date,
  xargs,
  basename,
  dirname,
  which: whichProgram,
  id,
  expr,
  nohup,
  setsid,
  sudo,
  yes,
  kill,
  flock,
  printf: printfProgram,
  echo: echoProgram,
  printenv,
  test: testProgram,
  '[': testProgram,
  true: () => 0,
  false: () => 1,
  nice: call =>
    call.run(call.args.filter((word, at) => !/^-/.test(word) && !/^-n$/.test(call.args[at - 1] ?? ''))),
  ionice: call =>
    call.run(call.args.filter((word, at) => !/^-/.test(word) && !/^-[cn]$/.test(call.args[at - 1] ?? ''))),
  stdbuf: call => call.run(call.args.filter(word => !/^-[oei]/.test(word))),
  tty: async call => {
    await call.out(call.stdin.channel.isTty ? '/dev/pts/0\n' : 'not a tty\n')
    return call.stdin.channel.isTty ? 0 : 1
  },
  clear: () => 0,
  whoami: async call => {
    await call.out('root\n')
    return 0
  },
}

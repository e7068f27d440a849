import { parseArguments } from '../commands/arguments.ts'
import type { Guest } from '../guest.ts'
import { strftime } from '../shell/builtins/printf.ts'
import type { Program } from '../shell/host.ts'
import type { Entry } from './journal.ts'

/** journalctl: -u, -t, -k, -n, -f, -b, -g, -r, -q, --since, -o short|short-iso|cat|json. */
export function journalctl(guest: Guest): Program {
  return async call => {
    const { flags, values, all, rest } = parseArguments(call.args, [
      'u',
      'n',
      'o',
      't',
      'S',
      'U',
      'g',
      'p',
      'unit',
      'lines',
      'output',
      'since',
      'until',
      'grep',
      'identifier',
      'priority',
      'vacuum-time',
      'vacuum-size',
    ])
    const units = [...all('u'), ...all('unit')].map(name => (name.includes('.') ? name : `${name}.service`))
    const names = [...all('t'), ...all('identifier')]
    const pattern = values.get('g') ?? values.get('grep')
    const since = sinceMs(values.get('S') ?? values.get('since'), guest.clock.now())
    const boot =
      flags.has('b') || flags.has('boot')
        ? guest.journal.boot + Number(rest.find(word => /^-?\d+$/.test(word)) ?? 0)
        : undefined
    const wanted = (entry: Entry) =>
      (units.length === 0 || units.includes(entry.unit)) &&
      (names.length === 0 || names.includes(entry.name)) &&
      (!(flags.has('k') || flags.has('dmesg')) || entry.unit === 'kernel') &&
      (boot === undefined || entry.boot === boot) &&
      (pattern === undefined || new RegExp(pattern).test(entry.text)) &&
      entry.ms >= since
    const format = values.get('o') ?? values.get('output') ?? 'short'
    const show = (entry: Entry): string => {
      if (format === 'cat') return `${entry.text}\n`
      if (format.startsWith('json'))
        return `${JSON.stringify({ __REALTIME_TIMESTAMP: String(entry.ms * 1000), _SYSTEMD_UNIT: entry.unit, SYSLOG_IDENTIFIER: entry.name, _PID: String(entry.pid), MESSAGE: entry.text })}\n`
      const time = strftime(format.startsWith('short-iso') ? '%FT%T+00:00' : '%b %d %T', entry.ms)
      return `${time} ${guest.hostname()} ${entry.name}[${entry.pid}]: ${entry.text}\n`
    }
    const limit = values.get('n') ?? values.get('lines') ?? (flags.has('f') ? '10' : undefined)
    let found = guest.journal.entries.filter(wanted)
    if (limit !== undefined && limit !== 'all') found = Number(limit) === 0 ? [] : found.slice(-Number(limit))
    if (flags.has('r')) found.reverse()
    if (found.length === 0 && !flags.has('q') && !flags.has('quiet') && !flags.has('f'))
      await call.out('-- No entries --\n')
    await call.out(found.map(show).join(''))
    if (!flags.has('f') && !flags.has('follow')) return 0
    let last = guest.journal.entries.at(-1)
    while (true) {
      await guest.journal.next(call.signal)
      const from = last ? guest.journal.entries.lastIndexOf(last) + 1 : 0
      const fresh = guest.journal.entries.slice(from)
      last = guest.journal.entries.at(-1)
      await call.out(fresh.filter(wanted).map(show).join(''))
    }
  }
}

function sinceMs(text: string | undefined, now: number): number {
  if (text === undefined) return 0
  if (text.startsWith('@')) return Number(text.slice(1)) * 1000
  const ago = /^-?(\d+)\s*(s|m|min|h|d|seconds?|minutes?|hours?|days?)( ago)?$/.exec(text)
  if (ago)
    return (
      now -
      Number(ago[1]) * ({ s: 1000, m: 60000, h: 3600000, d: 86400000 }[(ago[2] as string)[0] as 's'] ?? 1000)
    )
  const parsed = Date.parse(/[zZ]|\+\d\d/.test(text) ? text : `${text.replace(' ', 'T')}Z`)
  return Number.isNaN(parsed) ? 0 : parsed
}

/**
 * The three strategies of `cosmos swap` on the lab against the sum of their unavoidable steps: `node bench/swap.ts [SPEED]`,
 * after `npm run build`. Unavoidable is what cannot be done at the same time, each as long as the lab took for it: actions of the
 * API, the release script, the machine's own way to a Ready node and a synced root Application.
 * SPEED 1 is real time; above, the program's own work weighs more.
 */
import { calls, type Entry, LabRun } from './lab-run.ts'

// biome-ignore lint/suspicious/noExplicitAny: lines of the program's own JSON
type Line = any
type Strategy = 'replace' | 'rebuild' | 'recreate'

const speed = Number(process.argv[2] ?? 4)
const lab = new LabRun()

/** Lab milliseconds of each action with that name, in their order. */
function durations(log: readonly Entry[], command: string): number[] {
  return log
    .filter(entry => entry.command === command && entry.for !== undefined)
    .map(entry => entry.for ?? 0)
}

/** When the last action of that name had ended, lab time. */
function lastEnd(log: readonly Entry[], command: string): number {
  return Date.parse(log.findLast(entry => entry.command === command && entry.status === 'success')?.at ?? '')
}

const sum = (list: readonly number[]) => list.reduce((total, each) => total + each, 0)
const longer = (a = 0, b = 0) => Math.max(a, b)

/** What the API has to do, one after the other, before and after the release. */
function apiPath(strategy: Strategy, log: readonly Entry[]): number {
  const all = (command: string) => durations(log, command)
  if (strategy === 'rebuild') return sum(all('rebuild_server'))
  if (strategy === 'recreate') {
    return sum(['detach_volume', 'delete_server', 'create_server', 'start_server'].flatMap(all))
  }
  const [spare = 0, first = 0, second = 0] = all('unassign_primary_ip')
  const [ipv4 = 0, ipv6 = 0] = all('assign_primary_ip')
  const moving = longer(sum(all('attach_volume')), first) + longer(ipv4, second) + ipv6
  const others = [
    'create_server',
    'start_server',
    'shutdown_server',
    'stop_server',
    'detach_volume',
    'delete_server',
  ]
  return spare + moving + sum(others.flatMap(all))
}

/** Lab milliseconds of a step of the program, where the machine is what takes the time. */
function stepOf(events: readonly Line[], id: string): number {
  return (events.find(event => event.type === 'step-end' && event.step === id)?.durationMs ?? 0) * speed
}

/** Lab time at which something on the cluster was so for the first time. */
function timeOf(what: string, path: string): number {
  return Date.parse(lab.cosmos('ssh', '--lab', '--', `k3s kubectl ${what} -o jsonpath='${path}'`).trim())
}

function measure(strategy: Strategy): void {
  const from = lab.entries().length
  const flags = strategy === 'recreate' ? ['--yes', '--confirm', 'cosmos'] : []
  const events = lab
    .cosmos('swap', '--lab', '--json', '--strategy', strategy, ...flags)
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
  const log = lab.entries().slice(from)
  const started = lastEnd(log, strategy === 'rebuild' ? 'rebuild_server' : 'start_server')
  const synced =
    timeOf('-n argocd get applications.argoproj.io root', '{.status.operationState.finishedAt}') - started
  const machine =
    stepOf(events, 'release-volume') +
    synced +
    // The new machine's own preparation, and its way to "off" after the button was pressed.
    (strategy === 'replace' ? stepOf(events, 'prepare-spare') + stepOf(events, 'park-spare') : 0) -
    (strategy === 'replace'
      ? sum(durations(log, 'shutdown_server')) + (durations(log, 'unassign_primary_ip')[0] ?? 0)
      : 0)
  const path = apiPath(strategy, log) + machine
  const total = events.find(event => event.type === 'run-end').durationMs * speed
  const outage = events.at(-1).outageMs * speed
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`.padStart(9)
  console.log(
    `${strategy.padEnd(9)} ${seconds(outage)} ${seconds(total)} ${seconds(path)} ${(total / path).toFixed(2).padStart(6)} ${String(calls(log)).padStart(6)}`,
  )
}

try {
  lab.cosmos('lab', 'start', '--speed', String(speed), '--seed', '1')
  lab.cosmos('up', '--lab')
  console.log(`cosmos swap on the lab at speed ${speed}, in lab time`)
  console.log('strategy     outage     total      path  ratio  calls')
  for (const strategy of ['replace', 'rebuild', 'recreate'] as const) measure(strategy)
} finally {
  lab.close()
}

/**
 * A fresh `cosmos up` on the lab against its critical path: `node bench/up.ts [SPEED]`, after `npm run build`.
 * The critical path is what cannot be done at the same time: the volume, the server, its start, and the machine's own way to a
 * synced root Application, each as long as the lab took for it. SPEED 1 is real time; above, the program's own work weighs more.
 */
import { execFileSync } from 'node:child_process'
import { mkdtempSync, readFileSync, rmSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'

type Entry = {
  at: string
  method?: string
  path?: string
  command?: string
  status?: string | number
  for?: number
}

const speed = Number(process.argv[2] ?? 1)
const program = join(import.meta.dirname, '..', 'bin', 'run.js')
const dir = mkdtempSync(join(tmpdir(), 'cosmos-bench-'))

function cosmos(...args: string[]): string {
  return execFileSync(process.execPath, [program, ...args], {
    cwd: dir,
    encoding: 'utf8',
    stdio: ['ignore', 'pipe', 'ignore'],
  })
}

function entries(): Entry[] {
  const text = readFileSync(join(dir, '.cosmos', 'lab', 'log.jsonl'), 'utf8')
  return text
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
}

/** Exit code 2 says that there is something to do; what counts here is that project and price list are there afterwards. */
function prepare(): void {
  try {
    cosmos('up', '--lab', '--plan')
  } catch (error) {
    if ((error as { status?: number }).status !== 2) throw error
  }
}

/** Lab milliseconds that the action took. */
function durationOf(log: readonly Entry[], command: string): number {
  return log.find(entry => entry.command === command && entry.for !== undefined)?.for ?? Number.NaN
}

function endOf(log: readonly Entry[], command: string): number {
  return Date.parse(log.find(entry => entry.command === command && entry.status === 'success')?.at ?? '')
}

/** Calls that are not polls of actions. */
function calls(log: readonly Entry[]): number {
  return log.filter(
    entry => entry.method !== undefined && !(entry.method === 'GET' && entry.path?.startsWith('/v1/actions')),
  ).length
}

try {
  cosmos('lab', 'start', '--speed', String(speed))
  prepare()
  const before = entries().length
  const events = cosmos('up', '--lab', '--json')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
  const fresh = entries().slice(before)
  const application = JSON.parse(
    cosmos('ssh', '--lab', '--', 'k3s kubectl -n argocd get applications.argoproj.io root -o json'),
  )
  const noopFrom = entries().length
  cosmos('up', '--lab')
  const noop = entries().slice(noopFrom)

  const synced = Date.parse(application.status.operationState.finishedAt) - endOf(fresh, 'start_server')
  const path =
    durationOf(fresh, 'create_volume') +
    durationOf(fresh, 'create_server') +
    durationOf(fresh, 'start_server') +
    synced
  const wall = events.find(event => event.type === 'run-end').durationMs * speed
  const seconds = (ms: number) => `${(ms / 1000).toFixed(1)} s`.padStart(8)
  console.log(`cosmos up on the lab at speed ${speed}, in lab time`)
  console.log(`  create volume        ${seconds(durationOf(fresh, 'create_volume'))}`)
  console.log(`  create server        ${seconds(durationOf(fresh, 'create_server'))}`)
  console.log(`  start server         ${seconds(durationOf(fresh, 'start_server'))}`)
  console.log(`  boot to synced root  ${seconds(synced)}`)
  console.log(`  critical path        ${seconds(path)}`)
  console.log(
    `  wall time            ${seconds(wall)}   ratio ${(wall / path).toFixed(3)} (aim: at most 1.10)`,
  )
  console.log(
    `API calls without polls: fresh ${calls(fresh)} (aim: at most 10), second run ${calls(noop)} (aim: at most 6)`,
  )
} finally {
  cosmos('lab', 'stop')
  rmSync(dir, { recursive: true, force: true })
}

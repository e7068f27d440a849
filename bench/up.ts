/**
 * A fresh `cosmos up` on the lab against its critical path: `node bench/up.ts [SPEED]`, after `npm run build`.
 * The critical path is what cannot be done at the same time: the volume, the server, its start, and the machine's own way to a
 * synced root Application, each as long as the lab took for it. SPEED 1 is real time; above, the program's own work weighs more.
 */
import { calls, type Entry, LabRun } from './lab-run.ts'

const speed = Number(process.argv[2] ?? 1)
const lab = new LabRun()

/** Exit code 2 says that there is something to do; what counts here is that project and price list are there afterwards. */
function prepare(): void {
  try {
    lab.cosmos('up', '--lab', '--plan')
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

try {
  lab.cosmos('lab', 'start', '--speed', String(speed))
  prepare()
  const before = lab.entries().length
  const events = lab
    .cosmos('up', '--lab', '--json')
    .split('\n')
    .filter(Boolean)
    .map(line => JSON.parse(line))
  const fresh = lab.entries().slice(before)
  const application = JSON.parse(
    lab.cosmos('ssh', '--lab', '--', 'k3s kubectl -n argocd get applications.argoproj.io root -o json'),
  )
  const noopFrom = lab.entries().length
  lab.cosmos('up', '--lab')
  const noop = lab.entries().slice(noopFrom)

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
  lab.close()
}

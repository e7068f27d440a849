import type { Cli } from '../../cli/index.ts'
import { UsageError } from '../../errors.ts'
import { createHetzner } from '../../hetzner/index.ts'
import type { Server, Volume } from '../../hetzner/wire.ts'
import type { LabStatus } from '../../lab/index.ts'
import { runningLab } from './running.ts'

type Report = { state: string; mountedBy: number | null; entries: number; damage: string[] }
type Bill = { lines: { kind: string; id: number; name: string; monthlyNet: number }[]; monthlyNet: number }

/** Lines of a console that are shown. */
const consoleLines = 30

/**
 * `cosmos lab inspect [VOLUME|SERVER]`: what no API tells. Of a volume whether the ledger on it is intact or torn, and where;
 * of a server its console; without a name everything there is and what it would cost.
 */
export async function inspectLab(cli: Cli, wanted: string | undefined): Promise<Record<string, unknown>> {
  const lab = await runningLab(cli)
  const hetzner = createHetzner({ endpoint: lab.endpoint, token: lab.token })
  if (wanted === undefined) return inspectAll(cli, lab)
  const volume = await named<Volume>(hetzner.volumes, wanted, cli.signal)
  if (volume) return inspectVolume(cli, lab, volume)
  const server = await named<Server>(hetzner.servers, wanted, cli.signal)
  if (server) return inspectServer(cli, lab, server)
  throw new UsageError(`The lab has no volume and no server '${wanted}'.`, {
    code: 'lab-not-found',
    hint: 'See what there is: cosmos lab inspect',
  })
}

type Kind<T> = {
  list: (filter: { name: string }, signal: AbortSignal) => Promise<T[]>
  get: (id: number, signal: AbortSignal) => Promise<T | undefined>
}

async function named<T>(kind: Kind<T>, wanted: string, signal: AbortSignal): Promise<T | undefined> {
  const byId = /^\d+$/.test(wanted) ? await kind.get(Number(wanted), signal) : undefined
  return byId ?? (await kind.list({ name: wanted }, signal))[0]
}

async function inspectVolume(cli: Cli, lab: LabStatus, volume: Volume): Promise<Record<string, unknown>> {
  const { askLab } = await import('../../lab/index.ts')
  const { report } = (await askLab(lab, 'GET', `/volumes/${volume.id}`)) as { report: Report }
  const where = report.mountedBy === null ? 'not mounted' : `mounted by server ${report.mountedBy}`
  cli.out(
    `Volume ${volume.name} (${volume.id}) is ${report.state}: ${report.entries} entries in its ledger, ${where}.`,
  )
  for (const damage of report.damage) cli.out(`  ${damage}`)
  return { volume, report }
}

async function inspectServer(cli: Cli, lab: LabStatus, server: Server): Promise<Record<string, unknown>> {
  const { askLab } = await import('../../lab/index.ts')
  const answer = await askLab(lab, 'GET', `/servers/${server.id}`)
  const console = String(answer.console)
  cli.out(`Server ${server.name} (${server.id}) is ${server.status}. Its console says:`)
  for (const line of console.trimEnd().split('\n').slice(-consoleLines)) cli.out(`  ${line}`)
  return { server, on: answer.on, console }
}

async function inspectAll(cli: Cli, lab: LabStatus): Promise<Record<string, unknown>> {
  const { askLab } = await import('../../lab/index.ts')
  const bill = (await askLab(lab, 'GET', '/bill')) as Bill
  if (bill.lines.length === 0) cli.out('Nothing is in the lab that would cost anything.')
  else
    cli.table([
      ['KIND', 'ID', 'NAME', 'EUR/MONTH'],
      ...bill.lines.map(({ kind, id, name, monthlyNet }) => [kind, String(id), name, monthlyNet.toFixed(2)]),
      ['', '', 'in all, without VAT', bill.monthlyNet.toFixed(2)],
    ])
  return { bill }
}

import { CosmosError, messageOf } from '../../errors.ts'
import type { Server, Volume } from '../../hetzner/wire.ts'
import type { Resources } from '../../state/state.ts'
import { Machine, sshLogin } from '../machine.ts'
import { type Observed, observe } from '../observe.ts'
import type { Project } from '../project.ts'
import { type ClusterState, isConverged, lookAtCluster } from '../ready/cluster.ts'

/** Everything `status` knows: what the cloud says, what the machine says, and what it costs. */
export type Status = {
  cluster: string
  endpoint: string
  server: ServerSummary | null
  /** What a swap that is under way made beside it. */
  spares: ServerSummary[]
  volume: { id: number; name: string; sizeGb: number; attached: boolean } | null
  addresses: { id: number; type: 'ipv4' | 'ipv6'; ip: string; assigned: boolean }[]
  /** Null when the machine could not be asked; `unreachable` says why. */
  machine: ClusterState | null
  unreachable: string | null
  healthy: boolean
  /** What an earlier run left half done. */
  unfinished: string | null
}

export type ServerSummary = {
  id: number
  name: string
  type: string
  location: string
  status: string
  address: string | null
}

/** One look at cloud and machine. Changes nothing. */
export async function lookAtStatus(
  project: Project,
  known: { resources: Resources; operation: { kind: string; startedAt: string } | null },
  options: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<Status> {
  const hetzner = await project.hetzner()
  const observed = await observe(hetzner, project.config.name, {}, options.signal)
  const server = observed.servers[0]
  const { machine, unreachable } = await askMachine(project, known.resources, server, options)
  return {
    cluster: project.config.name,
    endpoint: project.endpoint,
    server: server ? summary(server) : null,
    spares: observed.spares.servers.map(summary),
    volume: volumeSummary(observed.volumes[0]),
    addresses: addressSummaries(observed),
    machine,
    unreachable,
    healthy: machine !== null && isConverged(machine),
    unfinished: known.operation && `${known.operation.kind} since ${known.operation.startedAt}`,
  }
}

function summary(server: Server): ServerSummary {
  const { id, name, status } = server
  const address = server.public_net.ipv4?.ip ?? null
  return { id, name, type: server.server_type.name, location: server.location.name, status, address }
}

function volumeSummary(volume: Volume | undefined): Status['volume'] {
  if (volume === undefined) return null
  return { id: volume.id, name: volume.name, sizeGb: volume.size, attached: volume.server !== null }
}

function addressSummaries({ primaryIps }: Observed): Status['addresses'] {
  return primaryIps.map(({ id, type, ip, assignee_id }) => ({ id, type, ip, assigned: assignee_id !== null }))
}

async function askMachine(
  project: Project,
  resources: Resources,
  server: Server | undefined,
  { env, signal }: { env: NodeJS.ProcessEnv; signal: AbortSignal },
): Promise<{ machine: ClusterState | null; unreachable: string | null }> {
  const host = server?.public_net.ipv4?.ip
  if (server === undefined || host === undefined) return { machine: null, unreachable: null }
  if (server.status !== 'running') return { machine: null, unreachable: `the server is ${server.status}` }
  const hostKey = resources.hostKey ?? (await project.vault()).sshHostKey.publicKey
  const machine = new Machine({
    host,
    port: project.config.ssh.port,
    hostKey,
    ...(await sshLogin(project.config, env)),
  })
  try {
    return { machine: await lookAtCluster(machine, project.config.name, signal), unreachable: null }
  } catch (error) {
    if (signal.aborted || (error instanceof CosmosError && error.code === 'ssh-host-key')) throw error
    return { machine: null, unreachable: messageOf(error) }
  } finally {
    machine.close()
  }
}

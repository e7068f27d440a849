import type { Cli } from '../cli/index.ts'
import { CosmosError } from '../errors.ts'
import { Machine, sshLogin } from './machine.ts'
import { ours } from './names.ts'
import type { Project } from './project.ts'

/**
 * The cluster's server over SSH: by what the state file knows, else by what the cloud says. Does not connect yet.
 * @param at address of the server, where it was looked up just now
 */
export async function reachMachine(cli: Cli, project: Project, at?: string): Promise<Machine> {
  const { resources } = await project.readState()
  const host = at ?? resources.address ?? (await addressFromCloud(cli, project))
  const hostKey = resources.hostKey ?? (await project.vault()).sshHostKey.publicKey
  return new Machine({
    host,
    port: project.config.ssh.port,
    hostKey,
    ...(await sshLogin(project.config, cli.env)),
  })
}

async function addressFromCloud(cli: Cli, project: Project): Promise<string> {
  const hetzner = await project.hetzner()
  const [server] = await hetzner.servers.list({ labelSelector: ours(project.config.name) }, cli.signal)
  const ip = server?.public_net.ipv4?.ip
  if (ip !== undefined) return ip
  throw new CosmosError(`There is no server of "${project.config.name}" to reach.`, {
    code: 'no-server',
    hint: 'Make it: cosmos up',
  })
}

import { readFile } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cli } from '../cli/index.ts'
import { CosmosError } from '../errors.ts'
import { fetchKubeconfig, mergeKubeconfig, writeKubeconfig } from './kubeconfig.ts'
import { expandHome } from './machine.ts'
import type { Project } from './project.ts'
import { reachMachine } from './reach.ts'

/** Fetches the kubeconfig, keeps it beside the state, and prints or merges it. */
export async function saveKubeconfig(
  cli: Cli,
  project: Project,
  options: { merge: boolean; into: string | undefined },
): Promise<{ path: string; context: string; merged: boolean }> {
  const machine = await reachMachine(cli, project)
  try {
    const context = project.config.name
    const text = await fetchKubeconfig(machine, context, cli.signal)
    const own = join(project.stateDir, 'kubeconfig')
    await writeKubeconfig(own, text)
    if (!options.merge) {
      cli.out(text.trimEnd())
      return { path: own, context, merged: false }
    }
    const path = target(cli.env, options.into)
    await writeKubeconfig(path, await mergeKubeconfig(await readOrEmpty(path), text))
    cli.out(`Context "${context}" is in ${path}. Try: kubectl --context ${context} get nodes`)
    return { path, context, merged: true }
  } finally {
    machine.close()
  }
}

/** The file kubectl writes to: --into, else the first of KUBECONFIG, else ~/.kube/config. */
function target(env: NodeJS.ProcessEnv, into: string | undefined): string {
  return expandHome(into ?? env.KUBECONFIG?.split(':').find(Boolean) ?? '~/.kube/config')
}

async function readOrEmpty(path: string): Promise<string> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if (error instanceof Error && 'code' in error && error.code === 'ENOENT') return ''
    throw new CosmosError(`Cannot read ${path}.`, {
      code: 'kubeconfig-unreadable',
      hint: 'Name another file: cosmos kubeconfig --merge --into FILE',
      cause: error,
    })
  }
}

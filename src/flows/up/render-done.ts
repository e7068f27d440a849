import type { Cli } from '../../cli/index.ts'
import { typed } from '../invocation.ts'
import type { Project } from '../project.ts'

/** The last words of `up`: where the machine is and what to try next. */
export function renderDone(cli: Cli, project: Project, server: { address: string }): string {
  const { domain, name } = project.config
  const lines = [
    '',
    `${name} is up at ${server.address}.`,
    '',
    'Try next:',
    `  ${typed(cli, 'status')}`,
    `  ${typed(cli, 'ssh')} -- k3s kubectl get pods -A`,
    `  ${typed(cli, 'kubeconfig')} --merge`,
  ]
  if (cli.lab !== 'off') lines.push(`  ${typed(cli, 'down')}   to take it down again`)
  else if (domain !== undefined)
    lines.push(`  open https://argocd.${domain}, once its DNS points at ${server.address}`)
  return lines.join('\n')
}

import type { LabMode } from '../../cli/index.ts'
import type { Project } from '../project.ts'

/** The last words of `up`: where the machine is and what to try next. */
export function renderDone(project: Project, server: { address: string }, lab: LabMode): string {
  const suffix = lab === 'off' ? '' : lab === 'sim' ? ' --lab' : ` --lab=${lab}`
  const { domain, name } = project.config
  const lines = [
    `${name} is up at ${server.address}.`,
    '',
    'Try next:',
    `  cosmos status${suffix}`,
    `  cosmos ssh${suffix} -- k3s kubectl get pods -A`,
    `  cosmos kubeconfig${suffix} --merge`,
  ]
  if (domain !== undefined && lab === 'off')
    lines.push(`  open https://argocd.${domain} (once DNS for it points at ${server.address})`)
  if (lab !== 'off')
    lines.push(`  cosmos down${suffix}        to take it down again, and cosmos lab stop to end the lab`)
  return lines.join('\n')
}

import { paths } from './paths.ts'

/** The admin kubeconfig as K3s wrote it. */
export function readKubeconfig(): string {
  return `cat ${paths.kubeconfig}`
}

export type LogOptions = { follow: boolean; lines: number }

/** The log of the first boot; cloud-init's own where ours was never begun. */
export function firstBootLog({ follow, lines }: LogOptions): string {
  const ours = `tail -n ${lines}${follow ? ' -F' : ''} ${paths.firstBootLog}`
  return follow ? ours : `${ours} 2>/dev/null || tail -n ${lines} /var/log/cloud-init-output.log`
}

/** The journal of K3s. */
export function k3sLog({ follow, lines }: LogOptions): string {
  return `journalctl -u k3s --no-pager -n ${lines}${follow ? ' -f' : ''}`
}

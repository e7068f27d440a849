import { applicationLine } from '../ready/first-sync.ts'
import type { ServerSummary, Status } from './look.ts'

type Row = [label: string, text: string]

/** Where things stand, a line each, for a person. */
export function renderStatus(status: Status): string {
  const rows: Row[] = [
    ['Cluster', status.cluster],
    ['Server', serverLine(status)],
    ...status.spares.map((each): Row => ['Spare', summaryLine(each)]),
    ['Volume', volumeLine(status)],
    ...status.addresses.map(
      (each): Row => [
        each.type === 'ipv4' ? 'IPv4' : 'IPv6',
        `${each.ip}${each.assigned ? '' : ' (reserved, not assigned)'}`,
      ],
    ),
    ...machineRows(status),
  ]
  if (status.unfinished) {
    const [command] = status.unfinished.split(' ')
    rows.push(['Unfinished', `${status.unfinished}; continue with: cosmos ${command}`])
  }
  const width = Math.max(...rows.map(([label]) => label.length))
  return rows.map(([label, text]) => `${label.padEnd(width)}  ${text}`).join('\n')
}

function serverLine({ server }: Status): string {
  return server === null ? 'none; make one with: cosmos up' : summaryLine(server)
}

function summaryLine(server: ServerSummary): string {
  return `${server.name} (${server.id}), ${server.type} in ${server.location}, ${server.status}`
}

function volumeLine({ volume, machine }: Status): string {
  if (volume === null) return 'none'
  const disk = machine?.disk
  const used =
    disk && disk.sizeBytes > 0 ? `, ${Math.round((disk.usedBytes / disk.sizeBytes) * 100)} % used` : ''
  return `${volume.name} (${volume.id}), ${volume.sizeGb} GB, ${volume.attached ? 'attached' : 'not attached'}${used}`
}

function machineRows({ machine, unreachable }: Status): Row[] {
  if (unreachable !== null) return [['Machine', `not reachable: ${unreachable}`]]
  if (machine === null) return []
  const { node, argocd, root } = machine
  return [
    ['Node', node.ready ? 'Ready' : (node.reason ?? 'not Ready')],
    ['Argo CD', argocd.healthy ? 'healthy' : argocd.message || 'not healthy'],
    ['Root', applicationLine({ name: 'root', ...root }, machine.applications)],
    ...machine.applications
      .filter(app => app.name !== 'root')
      .map((app): Row => [`  ${app.name}`, applicationLine(app, machine.applications)]),
    ...(machine.pods.notReady.length > 0
      ? [['Pods', `not ready: ${machine.pods.notReady.join(', ')}`] as Row]
      : []),
  ]
}

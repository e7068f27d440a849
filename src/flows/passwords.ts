import type { Cli } from '../cli/index.ts'
import type { Config } from '../config/index.ts'
import type { Project } from './project.ts'

export type Login = { where: string; url: string | null; username: string; password: string }

/** `cosmos passwords`: who may log in where. The one command besides `vault show --reveal` that prints secrets. */
export async function showPasswords(cli: Cli, project: Project): Promise<{ logins: Login[] }> {
  const { config } = project
  const contents = await project.vault()
  const url = (host: string) => urlOf(config, host)
  const { grafana, ...others } = contents.passwords ?? {}
  const logins: Login[] = [
    { where: 'Argo CD', url: url('argocd'), username: 'admin', password: contents.argocd.adminPassword },
    ...(grafana === undefined
      ? []
      : [{ where: 'Grafana', url: url('grafana'), username: 'admin', password: grafana }]),
    ...Object.entries(others).map(([where, password]) => ({ where, url: null, username: '', password })),
  ]
  cli.table([
    ['WHERE', 'USER', 'PASSWORD', 'ADDRESS'],
    ...logins.map(({ where, username, password, url: address }) => [
      where,
      username,
      password,
      address ?? '',
    ]),
  ])
  if (grafana === undefined && config.apps.monitoring)
    cli.note('Grafana has no password yet; it gets one with: cosmos gitops init')
  return { logins }
}

function urlOf({ domain, acme }: Config, host: string): string | null {
  return domain === undefined ? null : `${acme === undefined ? 'http' : 'https'}://${host}.${domain}`
}

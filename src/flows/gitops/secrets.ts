import { randomBytes } from 'node:crypto'
import type { Config } from '../../config/index.ts'
import { UsageError } from '../../errors.ts'
import type { AppsInput } from '../../manifests/index.ts'
import type { VaultContents } from '../../vault/index.ts'

/** Stands where a secret would, for looks that open no vault. */
const unknown = '-'

/** What the folder is made from when nobody opens the vault: right in everything but the secrets. */
export function withoutSecrets(config: Config): AppsInput {
  return { config, grafanaPassword: unknown, registry: { username: unknown, token: unknown } }
}

/** Whether anything in the folder is sealed. */
export function needsSecrets({ apps }: Config): boolean {
  return apps.monitoring || apps.images.length > 0
}

/**
 * What the folder is made from, and the vault that holds every secret in it: a password for Grafana is made when there is none.
 * @throws UsageError `gitops-no-token` when images are followed without access to the repository
 */
export function withSecrets(
  config: Config,
  vault: VaultContents,
): { input: AppsInput; vault: VaultContents; generated: string[] } {
  const { git, passwords = {} } = vault
  if (config.apps.images.length > 0 && git === undefined) {
    throw new UsageError(
      'To follow images, a token has to write to the repository, and the vault has none.',
      {
        code: 'gitops-no-token',
        hint: 'Put git.username and git.token there: cosmos vault edit',
      },
    )
  }
  const missing = config.apps.monitoring && passwords.grafana === undefined
  const grafana = passwords.grafana ?? randomBytes(18).toString('base64url')
  return {
    input: { config, grafanaPassword: grafana, registry: git ?? { username: unknown, token: unknown } },
    vault: missing ? { ...vault, passwords: { ...passwords, grafana } } : vault,
    generated: missing ? ['Grafana'] : [],
  }
}

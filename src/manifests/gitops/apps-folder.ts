import type { Config } from '../../config/schema.ts'
import { argocdRedirect } from './argocd-redirect.ts'
import { example } from './example.ts'
import type { AppsFile } from './files.ts'
import { followedApp } from './followed-app.ts'
import { imageUpdater } from './image-updater.ts'
import { monitoring } from './monitoring.ts'
import type { RegistryAccess } from './pull-secret.ts'
import { readme } from './readme.ts'
import { sealedSecrets } from './sealed-secrets.ts'
import { storage } from './storage.ts'
import { traefikMetrics } from './traefik-metrics.ts'

/** What the App-of-Apps folder is made from. Secrets only end up in what is sealed. */
export type AppsInput = {
  config: Config
  grafanaPassword: string
  /** Access to ghcr.io, needed where images are followed. */
  registry: RegistryAccess
}

/** Every file of the App-of-Apps folder, in the order in which Argo CD comes to them. Pure. */
export function appsFolder({ config, grafanaPassword, registry }: AppsInput): AppsFile[] {
  const { apps, domain, acme } = config
  return [
    readme(config),
    ...sealedSecrets(),
    ...(apps.monitoring ? storage(config) : []),
    ...(apps.monitoring ? monitoring(config, grafanaPassword) : []),
    ...(apps.monitoring ? traefikMetrics(config) : []),
    ...(domain === undefined || acme === undefined ? [] : argocdRedirect(config, domain)),
    ...(apps.images.length === 0 ? [] : imageUpdater(config, registry)),
    ...apps.images.flatMap(each => followedApp(config, each, registry)),
    ...(apps.example ? example(config) : []),
  ]
}

/** Names that cosmos gives to Applications itself: an application of yours needs another. */
export const ownApplications = [
  'root',
  'sealed-secrets',
  'storage',
  'monitoring',
  'traefik-metrics',
  'argocd',
  'argocd-redirect',
  'image-updater',
  'example',
] as const

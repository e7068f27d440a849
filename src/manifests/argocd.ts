import type { Config } from '../config/schema.ts'
import type { KubernetesObject } from './kubernetes.ts'
import { certificateResolver } from './traefik.ts'
import { toYaml } from './yaml.ts'

/** Argo CD by K3s's Helm controller. `bootstrap` installs it before CNI and DNS are up; `retry` never uninstalls. */
export function argocd(config: Config, adminPasswordHash: string): KubernetesObject {
  return {
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChart',
    metadata: { name: 'argocd', namespace: 'kube-system' },
    spec: {
      repo: 'https://argoproj.github.io/argo-helm',
      chart: 'argo-cd',
      version: config.argocd.chartVersion,
      targetNamespace: 'argocd',
      createNamespace: true,
      bootstrap: true,
      timeout: '15m',
      ...(retriesInPlace(config.k3s.version) ? { failurePolicy: 'retry' } : {}),
      valuesContent: toYaml(argocdValues(config, adminPasswordHash)),
    },
  }
}

/** `failurePolicy: retry` came with K3s 1.35.7 and 1.36.3; older ones reinstall, and would refuse the value. */
function retriesInPlace(version: string): boolean {
  const [minor = 0, patch = 0] = version.replace(/^v1\./, '').split(/[.+]/).map(Number)
  return minor > 36 || (minor === 36 && patch >= 3) || (minor === 35 && patch >= 7)
}

/** Helm values. TLS ends at Traefik, so the server speaks plain HTTP behind it. */
export function argocdValues(config: Config, adminPasswordHash: string): Record<string, unknown> {
  const { domain } = config
  return {
    ...(domain === undefined ? {} : { global: { domain: `argocd.${domain}` } }),
    configs: {
      params: { 'server.insecure': true },
      cm: { 'resource.customizations.health.argoproj.io_Application': applicationHealth },
      secret: { argocdServerAdminPassword: adminPasswordHash, argocdServerAdminPasswordMtime: passwordTime },
    },
    ...(domain === undefined ? {} : { server: { ingress: ingress(config) } }),
    dex: { enabled: false },
    notifications: { enabled: false },
  }
}

/** Argo CD compares session times with it. Fixed, because user data must not change by itself. */
const passwordTime = '2026-01-01T00:00:00Z'

function ingress({ acme }: Config): Record<string, unknown> {
  return {
    enabled: true,
    ingressClassName: 'traefik',
    annotations: {
      'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
      'traefik.ingress.kubernetes.io/router.tls': 'true',
      ...(acme === undefined
        ? {}
        : { 'traefik.ingress.kubernetes.io/router.tls.certresolver': certificateResolver }),
    },
  }
}

/** Removed from Argo CD's defaults in 1.8: without it, sync waves between Applications do not wait for health. */
const applicationHealth = `hs = {status = "Progressing", message = ""}
if obj.status ~= nil and obj.status.health ~= nil then
  hs.status = obj.status.health.status
  if obj.status.health.message ~= nil then hs.message = obj.status.health.message end
end
return hs
`

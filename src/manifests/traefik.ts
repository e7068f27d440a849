import type { Config } from '../config/schema.ts'
import type { KubernetesObject } from './kubernetes.ts'
import { toYaml } from './yaml.ts'

/** Name of the resolver that Ingresses ask for certificates. */
export const certificateResolver = 'letsencrypt'

/** On the node's airgap list, and what local-path uses as well: no further image to pull. */
export const busybox = 'rancher/mirrored-library-busybox:1.37.0'

/**
 * Settings for the Traefik that K3s brings. K3s strips the chart's schema, so a misspelt key is silently ignored:
 * these are valid for the charts 39, 40 and 41 (facts/kubernetes.md B), and a test holds them against the upstream names.
 */
export function traefik(config: Config): KubernetesObject {
  return {
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChartConfig',
    metadata: { name: 'traefik', namespace: 'kube-system' },
    spec: { valuesContent: toYaml(traefikValues(config)) },
  }
}

/** Helm values. Without certificates there is nothing to keep, and nothing to redirect to. */
export function traefikValues({ acme }: Config): Record<string, unknown> {
  const certificates = acme === undefined ? undefined : certificateValues(acme.email)
  return {
    deployment: {
      kind: 'Deployment',
      replicas: 1,
      // K3s's own values still say 8082.
      podAnnotations: { 'prometheus.io/port': String(metricsPort), 'prometheus.io/scrape': 'true' },
      ...certificates?.deployment,
    },
    // Two Traefiks must never write one acme.json.
    updateStrategy: { type: 'Recreate' },
    ...certificates?.storage,
    ports: {
      ...certificates?.ports,
      metrics: { port: metricsPort, exposedPort: metricsPort, expose: { default: false } },
    },
    metrics: { prometheus: { entryPoint: 'metrics', service: { enabled: true } } },
    service: { spec: { externalTrafficPolicy: 'Local', ipFamilyPolicy: 'PreferDualStack' } },
  }
}

/** Not 9100, which is node-exporter's. Never exposed, or ServiceLB would open it on the public address. */
const metricsPort = 9101

/** @param email Let's Encrypt writes to it */
function certificateValues(email: string) {
  const acme = { email, storage: '/data/traefik/acme.json', httpChallenge: { entryPoint: 'web' } }
  return {
    deployment: { initContainers: [acmePermissions] },
    storage: {
      persistence: { enabled: true, existingClaim: 'traefik-acme-pvc', path: '/data/traefik' },
      certificatesResolvers: { [certificateResolver]: { acme } },
    },
    ports: {
      web: { http: { redirections: { entryPoint: { to: 'websecure', scheme: 'https', permanent: true } } } },
      websecure: { http: { tls: { enabled: true, certResolver: certificateResolver } } },
    },
  }
}

/** fsGroup does nothing for a hostPath, and Traefik refuses an acme.json that others can read. */
const acmePermissions = {
  name: 'acme-permissions',
  image: busybox,
  command: [
    'sh',
    '-c',
    'touch /data/traefik/acme.json && chmod 600 /data/traefik/acme.json && chown -R 65532:65532 /data/traefik',
  ],
  securityContext: {
    runAsUser: 0,
    runAsGroup: 0,
    runAsNonRoot: false,
    allowPrivilegeEscalation: false,
    readOnlyRootFilesystem: true,
    capabilities: { drop: ['ALL'], add: ['CHOWN', 'FOWNER', 'DAC_OVERRIDE'] },
  },
  volumeMounts: [{ name: 'data', mountPath: '/data/traefik' }],
}

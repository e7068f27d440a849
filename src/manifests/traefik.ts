import { stringify } from 'yaml'
import type { Config } from '../config/schema.ts'
import type { KubernetesObject } from './kubernetes.ts'

/** Name of the resolver that Ingresses ask for certificates. */
export const certificateResolver = 'letsencrypt'

/** On the node's airgap list, and what local-path uses as well: no further image to pull. */
const busybox = 'rancher/mirrored-library-busybox:1.37.0'

/**
 * Settings for the Traefik that K3s brings. K3s strips the chart's schema, so a misspelt key is silently ignored:
 * these are valid for the charts 39, 40 and 41 (facts/kubernetes.md B), and a test holds them against the upstream names.
 */
export function traefik(config: Config): KubernetesObject {
  return {
    apiVersion: 'helm.cattle.io/v1',
    kind: 'HelmChartConfig',
    metadata: { name: 'traefik', namespace: 'kube-system' },
    spec: { valuesContent: stringify(traefikValues(config), { lineWidth: 0 }) },
  }
}

/** Helm values; certificates only where there is an address for Let's Encrypt to write to. */
export function traefikValues(config: Config): Record<string, unknown> {
  const { acme } = config
  return {
    deployment: { kind: 'Deployment', replicas: 1, initContainers: [acmePermissions] },
    // Two Traefiks must never write one acme.json.
    updateStrategy: { type: 'Recreate' },
    persistence: { enabled: true, existingClaim: 'traefik-acme-pvc', path: '/data/traefik' },
    ...(acme === undefined ? {} : { certificatesResolvers: resolver(acme.email) }),
    ports: {
      web: { http: { redirections: { entryPoint: { to: 'websecure', scheme: 'https', permanent: true } } } },
      websecure: {
        http: {
          tls: { enabled: true, ...(acme === undefined ? {} : { certResolver: certificateResolver }) },
        },
      },
      // Not 9100, which is node-exporter's; not exposed, or ServiceLB would open it on the public address.
      metrics: { port: 9101, exposedPort: 9101, expose: { default: false } },
    },
    metrics: { prometheus: { entryPoint: 'metrics', service: { enabled: true } } },
    service: { spec: { externalTrafficPolicy: 'Local', ipFamilyPolicy: 'PreferDualStack' } },
  }
}

function resolver(email: string): Record<string, unknown> {
  const acme = { email, storage: '/data/traefik/acme.json', httpChallenge: { entryPoint: 'web' } }
  return { [certificateResolver]: { acme } }
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

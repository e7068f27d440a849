import type { Config } from '../../config/schema.ts'
import { staticClass, volumeLabel } from '../kubernetes.ts'
import { applicationFile, folderSource } from './application.ts'
import { charts } from './charts.ts'
import { type AppsFile, kustomization, sealedFile } from './files.ts'
import { ingressAnnotations } from './ingress.ts'
import { metricsShare } from './shares.ts'
import { volumes } from './storage.ts'

export const monitoringNamespace = 'monitoring'

/** Name and keys of the Secret that Grafana takes its first user from. */
const grafanaLogin = { name: 'grafana-admin', userKey: 'admin-user', passwordKey: 'admin-password' }

/** Prometheus, Alertmanager and Grafana; Grafana's password comes sealed, so it is the same after every rebuild. */
export function monitoring(config: Config, grafanaPassword: string): AppsFile[] {
  return [
    applicationFile({
      name: 'monitoring',
      comment: 'Prometheus, Alertmanager and Grafana. The password of Grafana: cosmos passwords',
      wave: 1,
      namespace: monitoringNamespace,
      createNamespace: true,
      cascade: true,
      sources: [
        {
          ...charts.monitoring,
          helm: { releaseName: 'monitoring', valuesObject: monitoringValues(config) },
        },
        folderSource(config, 'monitoring'),
      ],
    }),
    kustomization('monitoring', ['grafana-admin.yaml']),
    sealedFile('monitoring/grafana-admin.yaml', 'The first user of Grafana.', {
      name: grafanaLogin.name,
      namespace: monitoringNamespace,
      values: { [grafanaLogin.userKey]: 'admin', [grafanaLogin.passwordKey]: grafanaPassword },
    }),
  ]
}

/** Values of kube-prometheus-stack. Note `storageSpec` for Prometheus and `storage` for Alertmanager. */
export function monitoringValues(config: Config): Record<string, unknown> {
  const { prometheusGi, retentionGb, alertmanagerGi } = metricsShare(config.volume.sizeGb)
  const { name, userKey, passwordKey } = grafanaLogin
  return {
    prometheus: {
      prometheusSpec: {
        retention: '15d',
        retentionSize: `${retentionGb}GB`,
        ...selectsEverything,
        storageSpec: claimTemplate(volumes.prometheus, prometheusGi),
      },
    },
    alertmanager: { alertmanagerSpec: { storage: claimTemplate(volumes.alertmanager, alertmanagerGi) } },
    grafana: {
      admin: { existingSecret: name, userKey, passwordKey },
      sidecar: { dashboards: { enabled: true, label: 'grafana_dashboard', searchNamespace: 'ALL' } },
      ...(config.domain === undefined ? {} : { ingress: grafanaIngress(config, config.domain) }),
    },
    // All interfaces of the host; the firewall keeps it off the public address.
    'prometheus-node-exporter': { service: { port: 9100, targetPort: 9100 } },
    // K3s runs these in one process that shows each of them the same metrics: they would be missing, or there many times over.
    kubeControllerManager: { enabled: false },
    kubeScheduler: { enabled: false },
    kubeProxy: { enabled: false },
    kubeEtcd: { enabled: false },
  }
}

/** Without these Prometheus only sees what carries the release's label. */
const selectsEverything = Object.fromEntries(
  ['serviceMonitor', 'podMonitor', 'rule', 'probe', 'scrapeConfig'].map(kind => [
    `${kind}SelectorNilUsesHelmValues`,
    false,
  ]),
)

/** A claim that binds to the static volume with that label, and to nothing else. */
function claimTemplate(label: string, sizeGi: number): Record<string, unknown> {
  return {
    volumeClaimTemplate: {
      spec: {
        storageClassName: staticClass,
        accessModes: ['ReadWriteOnce'],
        resources: { requests: { storage: `${sizeGi}Gi` } },
        selector: { matchLabels: { [volumeLabel]: label } },
      },
    },
  }
}

function grafanaIngress(config: Config, domain: string): Record<string, unknown> {
  return {
    enabled: true,
    ingressClassName: 'traefik',
    annotations: ingressAnnotations(config),
    hosts: [`grafana.${domain}`],
  }
}

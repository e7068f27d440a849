import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { applicationFile, folderSource } from './application.ts'
import { type AppsFile, kustomization, objectsFile } from './files.ts'
import { monitoringNamespace } from './monitoring.ts'
import { traefikDashboard } from './traefik-dashboard.ts'

/** Traefik's metrics in Prometheus and Grafana. In a wave of its own: ServiceMonitor is a kind that the monitoring brings. */
export function traefikMetrics(config: Config): AppsFile[] {
  return [
    applicationFile({
      name: 'traefik-metrics',
      comment: 'Traefik in Prometheus (port 9101, inside the cluster only) and in Grafana.',
      wave: 2,
      namespace: monitoringNamespace,
      cascade: true,
      sources: [folderSource(config, 'traefik-metrics')],
    }),
    kustomization('traefik-metrics', ['service-monitor.yaml', 'dashboard.yaml']),
    objectsFile(
      'traefik-metrics/service-monitor.yaml',
      'The Service traefik-metrics of the chart; its port "metrics" is 9101. 9100 belongs to node-exporter.',
      [serviceMonitor],
    ),
    objectsFile(
      'traefik-metrics/dashboard.yaml',
      'Grafana finds dashboards by this label, in every namespace.',
      [dashboard()],
    ),
  ]
}

const serviceMonitor: KubernetesObject = {
  apiVersion: 'monitoring.coreos.com/v1',
  kind: 'ServiceMonitor',
  metadata: { name: 'traefik', namespace: monitoringNamespace },
  spec: {
    jobLabel: 'app.kubernetes.io/name',
    namespaceSelector: { matchNames: ['kube-system'] },
    selector: {
      matchLabels: { 'app.kubernetes.io/name': 'traefik', 'app.kubernetes.io/component': 'metrics' },
    },
    endpoints: [{ port: 'metrics', path: '/metrics', interval: '30s' }],
  },
}

function dashboard(): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'ConfigMap',
    metadata: {
      name: 'dashboard-traefik',
      namespace: monitoringNamespace,
      labels: { grafana_dashboard: '1' },
    },
    data: { 'traefik.json': `${JSON.stringify(traefikDashboard(), null, 2)}\n` },
  }
}

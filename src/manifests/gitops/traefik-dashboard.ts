/** Grafana's model of a dashboard, as far as it is used here. */
type Panel = { title: string; query: string; legend: string; unit: string; kind?: 'timeseries' | 'stat' }

/** Names as Traefik 3 exports them: https://doc.traefik.io/traefik/observability/metrics/overview/ */
const panels: readonly Panel[] = [
  {
    title: 'Requests by entry point',
    query: 'sum by (entrypoint) (rate(traefik_entrypoint_requests_total[$__rate_interval]))',
    legend: '{{entrypoint}}',
    unit: 'reqps',
  },
  {
    title: 'Answers by status code',
    query: 'sum by (code) (rate(traefik_entrypoint_requests_total[$__rate_interval]))',
    legend: '{{code}}',
    unit: 'reqps',
  },
  {
    title: 'Time to answer, 95 of 100',
    query:
      'histogram_quantile(0.95, sum by (le, service) (rate(traefik_service_request_duration_seconds_bucket[$__rate_interval])))',
    legend: '{{service}}',
    unit: 's',
  },
  {
    title: 'Share of failed requests',
    query:
      'sum by (service) (rate(traefik_service_requests_total{code=~"5.."}[$__rate_interval])) / sum by (service) (rate(traefik_service_requests_total[$__rate_interval]))',
    legend: '{{service}}',
    unit: 'percentunit',
  },
  {
    title: 'Open connections',
    query: 'sum by (entrypoint) (traefik_open_connections)',
    legend: '{{entrypoint}}',
    unit: 'short',
  },
  {
    title: 'Certificates: time left',
    query: 'min by (cn) (traefik_tls_certs_not_after) - time()',
    legend: '{{cn}}',
    unit: 's',
    kind: 'stat',
  },
]

const columns = 2
const size = { h: 8, w: 12 }

/** The dashboard "Traefik". The uid is fixed, so links to it hold after a rebuild. */
export function traefikDashboard(): Record<string, unknown> {
  return {
    uid: 'cosmos-traefik',
    title: 'Traefik',
    tags: ['cosmos', 'traefik'],
    timezone: 'browser',
    schemaVersion: 39,
    refresh: '30s',
    time: { from: 'now-6h', to: 'now' },
    templating: {
      list: [{ name: 'datasource', label: 'Data source', type: 'datasource', query: 'prometheus' }],
    },
    panels: panels.map(panel),
  }
}

function panel({ title, query, legend, unit, kind = 'timeseries' }: Panel, index: number) {
  // biome-ignore lint/suspicious/noTemplateCurlyInString: a variable of Grafana's.
  const datasource = { type: 'prometheus', uid: '${datasource}' }
  return {
    id: index + 1,
    type: kind,
    title,
    datasource,
    gridPos: { ...size, x: (index % columns) * size.w, y: Math.floor(index / columns) * size.h },
    fieldConfig: { defaults: { unit }, overrides: [] },
    targets: [{ refId: 'A', datasource, expr: query, legendFormat: legend }],
  }
}

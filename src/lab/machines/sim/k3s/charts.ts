import { at, type Json, type K8sObject } from './objects.ts'

export type ChartInput = { chart: string; release: string; namespace: string; values: Json }

const crd = (
  group: string,
  kind: string,
  plural: string,
  version = 'v1',
  scope = 'Namespaced',
): K8sObject => ({
  apiVersion: 'apiextensions.k8s.io/v1',
  kind: 'CustomResourceDefinition',
  metadata: { name: `${plural}.${group}` },
  spec: {
    group,
    names: { kind, plural, singular: kind.toLowerCase(), shortNames: [] },
    scope,
    versions: [{ name: version }],
  },
})

type WorkloadOptions = {
  kind?: 'Deployment' | 'StatefulSet' | 'DaemonSet'
  image: string
  claim?: string | undefined
  hostPath?: string
  grace?: number
}

/** A workload with one container. */
export function workload(namespace: string, name: string, options: WorkloadOptions): K8sObject {
  const volumes = options.claim
    ? [{ name: 'data', persistentVolumeClaim: { claimName: options.claim } }]
    : options.hostPath
      ? [{ name: 'data', hostPath: { path: options.hostPath } }]
      : []
  return {
    apiVersion: 'apps/v1',
    kind: options.kind ?? 'Deployment',
    metadata: { name, namespace, labels: { 'app.kubernetes.io/name': name } },
    spec: {
      replicas: 1,
      selector: { matchLabels: { 'app.kubernetes.io/name': name } },
      template: {
        metadata: { labels: { 'app.kubernetes.io/name': name } },
        spec: {
          terminationGracePeriodSeconds: options.grace ?? 30,
          containers: [{ name, image: options.image }],
          volumes,
        },
      },
    },
  }
}

function argoCd({ release, namespace, values }: ChartInput): K8sObject[] {
  const base = release.includes('argocd') ? release : `${release}-argocd`
  const image = 'quay.io/argoproj/argocd:v3.5.1'
  const isOn = (key: string) => at(values, key, 'enabled') !== false
  const parts = [
    'server',
    'repo-server',
    ...(isOn('applicationSet') ? ['applicationset-controller'] : []),
    ...(isOn('notifications') ? ['notifications-controller'] : []),
  ]
  const objects: K8sObject[] = [
    crd('argoproj.io', 'Application', 'applications', 'v1alpha1'),
    crd('argoproj.io', 'AppProject', 'appprojects', 'v1alpha1'),
    crd('argoproj.io', 'ApplicationSet', 'applicationsets', 'v1alpha1'),
    ...parts.map(part => workload(namespace, `${base}-${part}`, { image })),
    workload(namespace, `${base}-redis`, { image: 'ecr-public.aws.com/docker/library/redis:8.2' }),
    workload(namespace, `${base}-application-controller`, { kind: 'StatefulSet', image }),
    { apiVersion: 'v1', kind: 'ConfigMap', metadata: { name: 'argocd-cm', namespace }, data: {} },
    {
      apiVersion: 'v1',
      kind: 'Secret',
      metadata: { name: 'argocd-secret', namespace },
      type: 'Opaque',
      data: {},
    },
    {
      apiVersion: 'argoproj.io/v1alpha1',
      kind: 'AppProject',
      metadata: { name: 'default', namespace },
      spec: { sourceRepos: ['*'] },
    },
  ]
  if (isOn('dex'))
    objects.push(workload(namespace, `${base}-dex-server`, { image: 'ghcr.io/dexidp/dex:v2.44.0' }))
  if (at(values, 'server', 'ingress', 'enabled') === true) {
    const host = at(values, 'server', 'ingress', 'hostname') ?? at(values, 'global', 'domain')
    objects.push({
      apiVersion: 'networking.k8s.io/v1',
      kind: 'Ingress',
      metadata: { name: `${base}-server`, namespace },
      spec: { ingressClassName: at(values, 'server', 'ingress', 'ingressClassName'), rules: [{ host }] },
    })
  }
  return objects
}

function traefik({ namespace, values }: ChartInput): K8sObject[] {
  const claim = at(values, 'persistence', 'existingClaim')
  return [
    workload(namespace, 'traefik', {
      image: 'rancher/mirrored-library-traefik:3.7.13',
      claim: typeof claim === 'string' ? claim : undefined,
    }),
    {
      apiVersion: 'v1',
      kind: 'Service',
      metadata: { name: 'traefik', namespace },
      spec: {
        type: 'LoadBalancer',
        ports: [
          { name: 'web', port: 80 },
          { name: 'websecure', port: 443 },
        ],
      },
    },
    workload(namespace, 'svclb-traefik', { kind: 'DaemonSet', image: 'rancher/klipper-lb:v0.4.13' }),
    {
      apiVersion: 'networking.k8s.io/v1',
      kind: 'IngressClass',
      metadata: { name: 'traefik' },
      spec: { controller: 'traefik.io/ingress-controller' },
    },
  ]
}

/** What each known chart brings into the cluster, in the order it is applied. */
const charts: Record<string, (input: ChartInput) => K8sObject[]> = {
  'argo-cd': argoCd,
  traefik,
  'traefik-crd': () =>
    ['IngressRoute', 'Middleware', 'TLSOption', 'ServersTransport'].map(kind =>
      crd('traefik.io', kind, `${kind.toLowerCase()}s`, 'v1alpha1'),
    ),
  'gateway-api-crd': () => [
    crd('gateway.networking.k8s.io', 'Gateway', 'gateways'),
    crd('gateway.networking.k8s.io', 'HTTPRoute', 'httproutes'),
  ],
  'sealed-secrets': ({ namespace }) => [
    crd('bitnami.com', 'SealedSecret', 'sealedsecrets', 'v1alpha1'),
    workload(namespace, 'sealed-secrets-controller', {
      image: 'ghcr.io/bitnami-labs/sealed-secrets-controller:0.36.6',
    }),
  ],
  'kube-prometheus-stack': ({ namespace, release }) => [
    ...['Prometheus', 'Alertmanager', 'ServiceMonitor', 'PodMonitor', 'PrometheusRule'].map(kind =>
      crd(
        'monitoring.coreos.com',
        kind,
        kind.endsWith('s') ? `${kind.toLowerCase()}es` : `${kind.toLowerCase()}s`,
      ),
    ),
    workload(namespace, `${release}-operator`, {
      image: 'quay.io/prometheus-operator/prometheus-operator:v0.93.1',
    }),
  ],
  'argocd-image-updater': ({ namespace, release }) => [
    crd('argocd-image-updater.argoproj.io', 'ImageUpdater', 'imageupdaters', 'v1alpha1'),
    workload(namespace, release, { image: 'quay.io/argoprojlabs/argocd-image-updater:v1.3.0' }),
  ],
  'cert-manager': ({ namespace, release }) => [
    crd('cert-manager.io', 'Certificate', 'certificates'),
    workload(namespace, release, { image: 'quay.io/jetstack/cert-manager-controller:v1.19.0' }),
  ],
}

/** Repositories whose list of charts is known: another name in them does not exist. */
const repositories: Record<string, readonly string[]> = {
  'https://argoproj.github.io/argo-helm': [
    'argo-cd',
    'argocd-apps',
    'argocd-image-updater',
    'argo-rollouts',
    'argo-workflows',
    'argo-events',
  ],
  'https://bitnami-labs.github.io/sealed-secrets': ['sealed-secrets'],
  'https://prometheus-community.github.io/helm-charts': [
    'kube-prometheus-stack',
    'prometheus',
    'prometheus-node-exporter',
    'alertmanager',
  ],
  'https://charts.jetstack.io': ['cert-manager'],
}

/** Why helm cannot fetch a chart, in its words; undefined when it can. */
export function chartProblem(spec: Json | undefined): string | undefined {
  const chart = at(spec, 'chart')
  const repo = at(spec, 'repo')
  const version = at(spec, 'version')
  if (typeof at(spec, 'chartContent') === 'string') return undefined
  if (typeof chart !== 'string' || chart === '') return 'Error: INSTALLATION FAILED: chart name is empty'
  if (/^(https?|oci):\/\//.test(chart))
    return /unreachable|\.invalid\b/.test(chart)
      ? `Error: INSTALLATION FAILED: Get "${chart}": dial tcp: lookup: no such host`
      : undefined
  if (typeof repo !== 'string') return `Error: INSTALLATION FAILED: repo ${chart.split('/')[0]} not found`
  const url = repo.replace(/\/+$/, '')
  if (!/^https?:\/\/[\w.-]+\.[a-z]{2,}/.test(url) || /unreachable|\.invalid\b/.test(url))
    return `Error: looks like "${repo}" is not a valid chart repository or cannot be reached: Get "${url}/index.yaml": dial tcp: lookup: no such host`
  const known = repositories[url]
  if (known && !known.includes(chart))
    return `Error: INSTALLATION FAILED: chart "${chart}" matching ${typeof version === 'string' ? version : ''} not found in ${repo} index. (try 'helm repo update'): no chart name found`
  if (typeof version === 'string' && !/^v?\d+\.\d+\.\d+/.test(version))
    return `Error: INSTALLATION FAILED: improper constraint: ${version}`
  return undefined
}

/** Objects of a release. A chart that is not known brings one deployment of its name. */
export function chartObjects(input: ChartInput): K8sObject[] {
  const name =
    input.chart
      .split('/')
      .at(-1)
      ?.replace(/-?\d[\w.+-]*\.tgz$|\.tgz$/, '') ?? input.chart
  return (
    charts[name]?.(input) ?? [
      workload(input.namespace, input.release, { image: `docker.io/library/${name}:latest` }),
    ]
  )
}

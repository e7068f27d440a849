/** A Kubernetes object as JSON; only what the simulation reads has a name here. */
export type K8sObject = {
  apiVersion: string
  kind: string
  metadata: Metadata
  spec?: Json
  status?: Json
  data?: Record<string, string>
  stringData?: Record<string, string>
  [key: string]: unknown
}

export type Metadata = {
  name: string
  namespace?: string
  labels?: Record<string, string>
  annotations?: Record<string, string>
  uid?: string
  creationTimestamp?: string
  resourceVersion?: string
  deletionTimestamp?: string
  ownerReferences?: { kind: string; name: string }[]
  generateName?: string
}

export type Json = { [key: string]: unknown }

/** A value inside nested JSON, undefined when a step is missing. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (typeof found === 'object' && found !== null ? (found as Json)[key] : undefined),
    value,
  )
}

export const text = (value: unknown): string => (typeof value === 'string' ? value : '')

export const records = (value: unknown): Json[] =>
  Array.isArray(value) ? value.filter((one): one is Json => typeof one === 'object' && one !== null) : []

/** A kind of object the API server knows. */
export type Resource = { kind: string; group: string; plural: string; short: string[]; namespaced: boolean }

const resource = (
  kind: string,
  group: string,
  plural: string,
  short: string[] = [],
  namespaced = true,
): Resource => ({ kind, group, plural, short, namespaced })

/** Kinds of a K3s without add-ons. */
export const builtinResources: readonly Resource[] = [
  resource('Pod', '', 'pods', ['po', 'pod']),
  resource('Node', '', 'nodes', ['no', 'node'], false),
  resource('Namespace', '', 'namespaces', ['ns', 'namespace'], false),
  resource('Secret', '', 'secrets', ['secret']),
  resource('ConfigMap', '', 'configmaps', ['cm', 'configmap']),
  resource('Service', '', 'services', ['svc', 'service']),
  resource('ServiceAccount', '', 'serviceaccounts', ['sa', 'serviceaccount']),
  resource('Event', '', 'events', ['ev', 'event']),
  resource('PersistentVolume', '', 'persistentvolumes', ['pv', 'persistentvolume'], false),
  resource('PersistentVolumeClaim', '', 'persistentvolumeclaims', ['pvc', 'persistentvolumeclaim']),
  resource('LimitRange', '', 'limitranges', ['limitrange']),
  resource('ResourceQuota', '', 'resourcequotas', ['quota', 'resourcequota']),
  resource('Deployment', 'apps', 'deployments', ['deploy', 'deployment']),
  resource('StatefulSet', 'apps', 'statefulsets', ['sts', 'statefulset']),
  resource('DaemonSet', 'apps', 'daemonsets', ['ds', 'daemonset']),
  resource('ReplicaSet', 'apps', 'replicasets', ['rs', 'replicaset']),
  resource('Job', 'batch', 'jobs', ['job']),
  resource('CronJob', 'batch', 'cronjobs', ['cj', 'cronjob']),
  resource('Ingress', 'networking.k8s.io', 'ingresses', ['ing', 'ingress']),
  resource('IngressClass', 'networking.k8s.io', 'ingressclasses', ['ingressclass'], false),
  resource('NetworkPolicy', 'networking.k8s.io', 'networkpolicies', ['netpol', 'networkpolicy']),
  resource('StorageClass', 'storage.k8s.io', 'storageclasses', ['sc', 'storageclass'], false),
  resource('ClusterRole', 'rbac.authorization.k8s.io', 'clusterroles', ['clusterrole'], false),
  resource(
    'ClusterRoleBinding',
    'rbac.authorization.k8s.io',
    'clusterrolebindings',
    ['clusterrolebinding'],
    false,
  ),
  resource('Role', 'rbac.authorization.k8s.io', 'roles', ['role']),
  resource('RoleBinding', 'rbac.authorization.k8s.io', 'rolebindings', ['rolebinding']),
  resource('PriorityClass', 'scheduling.k8s.io', 'priorityclasses', ['pc', 'priorityclass'], false),
  resource('PodDisruptionBudget', 'policy', 'poddisruptionbudgets', ['pdb', 'poddisruptionbudget']),
  resource('HorizontalPodAutoscaler', 'autoscaling', 'horizontalpodautoscalers', ['hpa']),
  resource(
    'CustomResourceDefinition',
    'apiextensions.k8s.io',
    'customresourcedefinitions',
    ['crd', 'crds', 'customresourcedefinition'],
    false,
  ),
  resource(
    'ValidatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'validatingwebhookconfigurations',
    [],
    false,
  ),
  resource(
    'MutatingWebhookConfiguration',
    'admissionregistration.k8s.io',
    'mutatingwebhookconfigurations',
    [],
    false,
  ),
  resource('APIService', 'apiregistration.k8s.io', 'apiservices', [], false),
  resource('RuntimeClass', 'node.k8s.io', 'runtimeclasses', [], false),
  resource('Lease', 'coordination.k8s.io', 'leases', ['lease']),
  resource('HelmChart', 'helm.cattle.io', 'helmcharts', ['helmchart']),
  resource('HelmChartConfig', 'helm.cattle.io', 'helmchartconfigs', ['helmchartconfig']),
  resource('Addon', 'k3s.cattle.io', 'addons', ['addon']),
  resource('ETCDSnapshotFile', 'k3s.cattle.io', 'etcdsnapshotfiles', [], false),
]

export const groupOf = (apiVersion: string): string =>
  apiVersion.includes('/') ? (apiVersion.split('/')[0] as string) : ''

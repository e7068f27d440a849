import { stringify } from 'yaml'
import { workload } from './charts.ts'
import type { K8sObject } from './objects.ts'

const chart = (name: string, file: string): K8sObject => ({
  apiVersion: 'helm.cattle.io/v1',
  kind: 'HelmChart',
  metadata: { name, namespace: 'kube-system' },
  spec: {
    chart: `https://%{KUBERNETES_API}%/static/charts/${file}`,
    ...(name === 'traefik' ? { set: { 'global.systemDefaultRegistry': '' } } : {}),
  },
})

/** Files K3s itself puts into its deploy folder at each start, by name (facts/kubernetes.md A.4, from its source). */
export function packagedManifests(options: { localPath: string }): Record<string, string> {
  const files: Record<string, K8sObject[]> = {
    'ccm.yaml': [
      {
        apiVersion: 'v1',
        kind: 'ServiceAccount',
        metadata: { name: 'cloud-controller-manager', namespace: 'kube-system' },
      },
    ],
    'coredns.yaml': [
      workload('kube-system', 'coredns', { image: 'rancher/mirrored-coredns-coredns:1.14.7' }),
    ],
    'local-storage.yaml': [
      workload('kube-system', 'local-path-provisioner', { image: 'rancher/local-path-provisioner:v0.0.37' }),
      {
        apiVersion: 'storage.k8s.io/v1',
        kind: 'StorageClass',
        metadata: {
          name: 'local-path',
          annotations: { 'storageclass.kubernetes.io/is-default-class': 'true', defaultVolumeType: 'local' },
        },
        provisioner: 'rancher.io/local-path',
        volumeBindingMode: 'WaitForFirstConsumer',
        reclaimPolicy: 'Delete',
      },
      {
        apiVersion: 'v1',
        kind: 'ConfigMap',
        metadata: { name: 'local-path-config', namespace: 'kube-system' },
        data: {
          'config.json': JSON.stringify({
            nodePathMap: [{ node: 'DEFAULT_PATH_FOR_NON_LISTED_NODES', paths: [options.localPath] }],
          }),
        },
      },
    ],
    'metrics-server/metrics-server-deployment.yaml': [
      workload('kube-system', 'metrics-server', { image: 'rancher/mirrored-metrics-server:v0.9.0' }),
    ],
    'rolebindings.yaml': [
      {
        apiVersion: 'rbac.authorization.k8s.io/v1',
        kind: 'ClusterRoleBinding',
        metadata: { name: 'kube-apiserver-kubelet-admin' },
      },
    ],
    'runtimes.yaml': [
      {
        apiVersion: 'node.k8s.io/v1',
        kind: 'RuntimeClass',
        metadata: { name: 'wasmtime' },
        handler: 'wasmtime',
      },
    ],
    'traefik.yaml': [
      chart('traefik-crd', 'traefik-crd-41.4.2+up41.4.0.tgz'),
      chart('traefik', 'traefik-41.4.2+up41.4.0.tgz'),
    ],
  }
  return Object.fromEntries(
    Object.entries(files).map(([name, objects]) => [
      name,
      objects.map(object => stringify(object)).join('---\n'),
    ]),
  )
}

/** AddOn names that are taken. */
export const packagedNames = [
  'ccm',
  'coredns',
  'local-storage',
  'metrics-server',
  'rolebindings',
  'runtimes',
  'traefik',
] as const

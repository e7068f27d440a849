import { type KubernetesObject, staticClass, volumeLabel } from './kubernetes.ts'

/** Name of the class for dynamic claims whose data survives. */
export const dataClass = 'cosmos-data'

/**
 * Class for dynamic claims: a stable path per namespace and claim, kept when the claim goes, so that a rebuilt cluster
 * finds the data again. The trailing slash is required since local-path-provisioner 0.0.33 (facts/kubernetes.md E).
 * Not named local-path: that one K3s rewrites at every start.
 */
export function storageClass(): KubernetesObject {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: {
      name: dataClass,
      annotations: { 'storageclass.kubernetes.io/is-default-class': 'true', defaultVolumeType: 'local' },
    },
    provisioner: 'rancher.io/local-path',
    reclaimPolicy: 'Retain',
    volumeBindingMode: 'WaitForFirstConsumer',
    parameters: { pathPattern: '{{ .PVC.Namespace }}/{{ .PVC.Name }}/' },
  }
}

type StaticVolume = {
  name: string
  label: string
  path: string
  size: string
  claim?: { namespace: string; name: string }
}

/**
 * Volumes of the parts that must find their data without a provisioner: certificates, metrics, alerts.
 * `type: Directory` makes a pod fail loudly instead of writing to the bare OS disk.
 */
export function staticVolumes(): KubernetesObject[] {
  const claim = { namespace: 'kube-system', name: 'traefik-acme-pvc' }
  return [
    volume({ name: 'traefik-acme-pv', label: 'traefik-acme', path: '/data/traefik', size: '128Mi', claim }),
    volume({ name: 'prometheus-pv', label: 'prometheus', path: '/data/prometheus', size: '15Gi' }),
    volume({ name: 'alertmanager-pv', label: 'alertmanager', path: '/data/alertmanager', size: '1Gi' }),
    {
      apiVersion: 'v1',
      kind: 'PersistentVolumeClaim',
      metadata: { name: claim.name, namespace: claim.namespace },
      spec: {
        storageClassName: staticClass,
        accessModes: ['ReadWriteOnce'],
        volumeName: 'traefik-acme-pv',
        resources: { requests: { storage: '128Mi' } },
      },
    },
  ]
}

function volume({ name, label, path, size, claim }: StaticVolume): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name, labels: { [volumeLabel]: label } },
    spec: {
      capacity: { storage: size },
      accessModes: ['ReadWriteOnce'],
      persistentVolumeReclaimPolicy: 'Retain',
      storageClassName: staticClass,
      ...(claim === undefined
        ? {}
        : { claimRef: { apiVersion: 'v1', kind: 'PersistentVolumeClaim', ...claim } }),
      hostPath: { path, type: 'Directory' },
    },
  }
}

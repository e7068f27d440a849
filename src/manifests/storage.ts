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

export type StaticVolume = {
  /** Value of the label that claims select by; the volume is called by it, too. */
  label: string
  path: string
  size: string
  claim?: { namespace: string; name: string }
}

/**
 * The volume that must be there before Git is read: Traefik's certificates. Those of the monitoring come from the
 * App-of-Apps folder, so that their sizes can be changed there.
 */
export function staticVolumes(): KubernetesObject[] {
  const claim = { namespace: 'kube-system', name: 'traefik-acme-pvc' }
  return [
    staticVolume({ label: 'traefik-acme', path: '/data/traefik', size: '128Mi', claim }),
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

/**
 * A folder below /data that a claim finds by label. `type: Directory` makes a pod fail loudly instead of writing to the bare OS disk.
 */
export function staticVolume({ label, path, size, claim }: StaticVolume): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'PersistentVolume',
    metadata: { name: `${label}-pv`, labels: { [volumeLabel]: label } },
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

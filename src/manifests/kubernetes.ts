/** A Kubernetes object as it is written: key order is the order of the fields. */
export type KubernetesObject = {
  apiVersion: string
  kind: string
  metadata: {
    name: string
    namespace?: string
    labels?: Record<string, string>
    annotations?: Record<string, string>
    finalizers?: string[]
  }
  [field: string]: unknown
}

/** Label on static volumes; claims select by it. */
export const volumeLabel = 'cosmos.dev/volume'

/** Storage class of static volumes: a name only, no StorageClass object behind it, so that no provisioner competes. */
export const staticClass = 'manual'

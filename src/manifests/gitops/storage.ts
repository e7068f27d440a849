import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { staticVolume } from '../storage.ts'
import { applicationFile, folderSource } from './application.ts'
import { type AppsFile, kustomization, objectsFile } from './files.ts'
import { metricsShare } from './shares.ts'

/** Label values of the static volumes, which claims select by. */
export const volumes = { prometheus: 'prometheus', alertmanager: 'alertmanager' } as const

/** Static volumes of the monitoring: bound by label, so a rebuilt cluster finds its metrics again. */
export function storage(config: Config): AppsFile[] {
  const { prometheusGi, alertmanagerGi } = metricsShare(config.volume.sizeGb)
  return [
    applicationFile({
      name: 'storage',
      comment: 'Static volumes: folders below /data that claims find by label.',
      wave: 0,
      namespace: 'kube-system',
      sources: [folderSource(config, 'storage')],
    }),
    kustomization('storage', ['volumes.yaml']),
    objectsFile(
      'storage/volumes.yaml',
      'Argo CD never deletes them, and their reclaim policy keeps the data anyway.\nThe folders exist: the first boot of the server makes them, with the owners that the pods run as.',
      [
        kept(
          staticVolume({ label: volumes.prometheus, path: '/data/prometheus', size: `${prometheusGi}Gi` }),
        ),
        kept(
          staticVolume({
            label: volumes.alertmanager,
            path: '/data/alertmanager',
            size: `${alertmanagerGi}Gi`,
          }),
        ),
      ],
    ),
  ]
}

function kept(object: KubernetesObject): KubernetesObject {
  const annotations = { 'argocd.argoproj.io/sync-options': 'Prune=false,Delete=false' }
  return { ...object, metadata: { ...object.metadata, annotations } }
}

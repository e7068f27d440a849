import { applicationFile } from './application.ts'
import { charts } from './charts.ts'
import type { AppsFile } from './files.ts'

/**
 * The controller that opens sealed secrets. It adopts the key of the vault, which the bootstrap manifests put there before it
 * starts. Renewal must stay off, or it makes a key that dies with the next swap and all that was sealed with it; the text
 * "0" is needed, because the chart drops the number (facts/kubernetes.md D.3).
 */
export function sealedSecrets(): AppsFile[] {
  return [
    applicationFile({
      name: 'sealed-secrets',
      comment: 'Opens the SealedSecrets of this repository, with the key from cosmos.vault.age.',
      wave: 0,
      namespace: 'kube-system',
      sources: [{ ...charts.sealedSecrets, helm: { releaseName: 'sealed-secrets', valuesObject: values } }],
    }),
  ]
}

const values = {
  // What kubeseal looks for by default.
  fullnameOverride: 'sealed-secrets-controller',
  keyrenewperiod: '0',
  secretName: 'sealed-secrets-key',
  // Docker Hub has not had every release.
  image: { registry: 'ghcr.io', repository: 'bitnami-labs/sealed-secrets-controller' },
}

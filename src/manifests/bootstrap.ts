import { argocd } from './argocd.ts'
import type { ManifestFile, ManifestInput } from './input.ts'
import type { KubernetesObject } from './kubernetes.ts'
import { namespaces } from './namespaces.ts'
import { repository } from './repository.ts'
import { rootApplication } from './root-application.ts'
import { plainSealingKeySecrets } from './sealing-keys.ts'
import { staticVolumes, storageClass } from './storage.ts'
import { traefik } from './traefik.ts'
import { toYaml } from './yaml.ts'

/** What K3s finds in its deploy folder at its first start, in the order in which it reads it. Pure. */
export function bootstrapManifests(input: ManifestInput): ManifestFile[] {
  const { config } = input
  return [
    file('cosmos-00-namespaces.yaml', namespaces()),
    file('cosmos-10-volumes.yaml', staticVolumes()),
    file('cosmos-20-sealing-keys.yaml', plainSealingKeySecrets(input.sealingKeys)),
    ...(input.repository === null
      ? []
      : [file('cosmos-30-repository.yaml', [repository(config, input.repository)])]),
    file('cosmos-40-traefik.yaml', [traefik(config)]),
    file('cosmos-50-argocd.yaml', [argocd(config, input.argocdAdminPasswordHash)]),
    file('cosmos-60-root.yaml', [rootApplication(config)]),
    // After K3s's own local-storage.yaml: of two default classes the newer one wins.
    file('zz-cosmos-storage.yaml', [storageClass()]),
  ]
}

/** The HelmChart of Argo CD holds the hash of the admin password. */
const withSecrets = new Set(['Secret', 'HelmChart'])

function file(name: string, objects: readonly KubernetesObject[]): ManifestFile {
  return {
    name,
    content: objects.map(toYaml).join('---\n'),
    secrets: objects
      .filter(object => withSecrets.has(object.kind))
      .map(({ kind, metadata }) => ({
        kind: kind.toLowerCase(),
        namespace: metadata.namespace ?? 'default',
        name: metadata.name,
      })),
  }
}

import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { applicationFile, folderSource } from './application.ts'
import { type AppsFile, kustomization, objectsFile, sealedFile, yours } from './files.ts'
import { ingress, ingressAnnotations } from './ingress.ts'
import { pullSecret, type RegistryAccess } from './pull-secret.ts'

const port = 8080

/**
 * The beginning of an application whose image is kept current. Kustomize, because the image updater cannot write to a plain
 * folder; the tag stands in kustomization.yaml, which it rewrites.
 */
export function followedApp(
  config: Config,
  { application: name, image }: { application: string; image: string },
  registry: RegistryAccess,
): AppsFile[] {
  const { domain } = config
  const host = domain === undefined ? [] : [hostIngress(config, name, domain)]
  const beginning = yours([
    applicationFile({
      name,
      comment: `Runs ${image}. The image updater writes new tags into ${name}/kustomization.yaml.`,
      wave: 3,
      namespace: name,
      createNamespace: true,
      cascade: true,
      sources: [folderSource(config, name)],
    }),
    kustomization(name, ['app.yaml', 'ghcr-pull.yaml'], { images: [{ name: image, newTag: '1' }] }),
    objectsFile(`${name}/app.yaml`, 'Change it to what the application needs.', [
      service(name),
      deployment(name, image),
      ...host,
    ]),
  ])
  const pull = sealedFile(
    `${name}/ghcr-pull.yaml`,
    'Lets the node pull private images from ghcr.io.',
    pullSecret(name, registry),
  )
  return [...beginning, pull]
}

function service(name: string): KubernetesObject {
  const labels = { 'app.kubernetes.io/name': name }
  return {
    apiVersion: 'v1',
    kind: 'Service',
    metadata: { name, namespace: name, labels },
    spec: { selector: labels, ports: [{ name: 'http', port: 80, targetPort: 'http' }] },
  }
}

function deployment(name: string, image: string): KubernetesObject {
  const labels = { 'app.kubernetes.io/name': name }
  return {
    apiVersion: 'apps/v1',
    kind: 'Deployment',
    metadata: { name, namespace: name, labels },
    spec: {
      replicas: 1,
      selector: { matchLabels: labels },
      template: {
        metadata: { labels },
        spec: {
          imagePullSecrets: [{ name: 'ghcr-pull' }],
          containers: [{ name, image, ports: [{ name: 'http', containerPort: port }] }],
        },
      },
    },
  }
}

function hostIngress(config: Config, name: string, domain: string): KubernetesObject {
  return ingress(
    { name, namespace: name, host: `${name}.${domain}`, service: name, port: 80 },
    ingressAnnotations(config),
  )
}

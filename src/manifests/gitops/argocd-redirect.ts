import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { applicationFile, folderSource } from './application.ts'
import { type AppsFile, kustomization, objectsFile } from './files.ts'
import { ingress } from './ingress.ts'

const middleware = 'redirect-to-https'

/**
 * HTTP → HTTPS for Argo CD, which also holds where somebody turns off the redirect of the whole entry point. Its HTTPS Ingress
 * comes with the chart that K3s installs, not from here: the page must be reachable when Git is what is broken.
 * Never an Application called argocd: where Argo CD tracks by label, it would take the release of that name for its own.
 */
export function argocdRedirect(config: Config, domain: string): AppsFile[] {
  const host = `argocd.${domain}`
  const http = ingress(
    { name: 'argocd-http', namespace: 'argocd', host, service: 'argocd-server', port: 80 },
    {
      'traefik.ingress.kubernetes.io/router.entrypoints': 'web',
      'traefik.ingress.kubernetes.io/router.middlewares': `argocd-${middleware}@kubernetescrd`,
    },
  )
  return [
    applicationFile({
      name: 'argocd-redirect',
      comment: `Sends http://${host} to HTTPS. Argo CD and its HTTPS Ingress are installed by K3s, from cosmos.yaml.`,
      wave: 2,
      namespace: 'argocd',
      cascade: true,
      sources: [folderSource(config, 'argocd-redirect')],
    }),
    kustomization('argocd-redirect', ['redirect.yaml']),
    objectsFile('argocd-redirect/redirect.yaml', 'The Ingress only carries the redirect.', [redirect, http]),
  ]
}

const redirect: KubernetesObject = {
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'Middleware',
  metadata: { name: middleware, namespace: 'argocd' },
  spec: { redirectScheme: { scheme: 'https', permanent: true } },
}

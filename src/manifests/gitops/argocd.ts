import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { applicationFile, folderSource } from './application.ts'
import { type AppsFile, kustomization, objectsFile } from './files.ts'
import { ingress, ingressAnnotations } from './ingress.ts'

const middleware = 'redirect-to-https'

/**
 * Argo CD's own Ingress: HTTPS to the server, and a permanent redirect from HTTP, which also holds where somebody turns off
 * the redirect of the whole entry point. The server behind it speaks plain HTTP, so there is no loop.
 */
export function argocdIngress(config: Config, domain: string): AppsFile[] {
  const host = `argocd.${domain}`
  const target = { namespace: 'argocd', host, service: 'argocd-server', port: 80 }
  const redirected = ingress({ name: 'argocd-http', ...target }, {
    'traefik.ingress.kubernetes.io/router.entrypoints': 'web',
    'traefik.ingress.kubernetes.io/router.middlewares': `argocd-${middleware}@kubernetescrd`,
  })
  return [
    applicationFile({
      name: 'argocd',
      comment: `Argo CD at https://${host}. The chart itself is installed by K3s, from cosmos.yaml.`,
      wave: 2,
      namespace: 'argocd',
      cascade: true,
      sources: [folderSource(config, 'argocd')],
    }),
    kustomization('argocd', ['ingress.yaml']),
    objectsFile('argocd/ingress.yaml', 'HTTPS, and HTTP only to send people to HTTPS.', [
      ingress({ name: 'argocd', ...target }, ingressAnnotations(config)),
      redirect,
      redirected,
    ]),
  ]
}

const redirect: KubernetesObject = {
  apiVersion: 'traefik.io/v1alpha1',
  kind: 'Middleware',
  metadata: { name: middleware, namespace: 'argocd' },
  spec: { redirectScheme: { scheme: 'https', permanent: true } },
}

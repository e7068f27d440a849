import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { certificateResolver } from '../traefik.ts'

/** What makes Traefik serve an Ingress over TLS, with a certificate of its own where there is ACME. */
export function ingressAnnotations({ acme }: Config): Record<string, string> {
  return {
    'traefik.ingress.kubernetes.io/router.entrypoints': 'websecure',
    'traefik.ingress.kubernetes.io/router.tls': 'true',
    ...(acme === undefined
      ? {}
      : { 'traefik.ingress.kubernetes.io/router.tls.certresolver': certificateResolver }),
  }
}

export type IngressTarget = { name: string; namespace: string; host: string; service: string; port: number }

/** An Ingress for a whole host name. */
export function ingress(target: IngressTarget, annotations: Record<string, string>): KubernetesObject {
  const { name, namespace, host, service, port } = target
  return {
    apiVersion: 'networking.k8s.io/v1',
    kind: 'Ingress',
    metadata: { name, namespace, annotations },
    spec: {
      ingressClassName: 'traefik',
      rules: [
        {
          host,
          http: {
            paths: [
              {
                path: '/',
                pathType: 'Prefix',
                backend: { service: { name: service, port: { number: port } } },
              },
            ],
          },
        },
      ],
    },
  }
}

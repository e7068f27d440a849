import type { Config } from '../config/schema.ts'
import type { KubernetesObject } from './kubernetes.ts'

/**
 * The one Application that all others come from. In a file of its own, because it fails until Argo CD's CRDs are there;
 * without finalizer, because deleting it must not delete what runs; retried for ever, because the first sync races with CRDs.
 */
export function rootApplication(config: Config): KubernetesObject {
  const { url, branch, path } = config.git
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: { name: 'root', namespace: 'argocd' },
    spec: {
      project: 'default',
      source: { repoURL: url, targetRevision: branch, path },
      destination: { server: 'https://kubernetes.default.svc', namespace: 'argocd' },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: ['SkipDryRunOnMissingResource=true', 'ServerSideApply=true'],
        retry: { limit: -1, backoff: { duration: '5s', factor: 2, maxDuration: '3m' }, refresh: true },
      },
    },
  }
}

import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { type AppsFile, objectsFile } from './files.ts'

/** What an Application takes its objects from. */
export type Source = Record<string, unknown>

export type ApplicationInput = {
  name: string
  /** What it is for; stands above it in the file. */
  comment: string
  /** A wave begins when the one before is healthy. */
  wave: number
  namespace: string
  sources: readonly Source[]
  /** Make the namespace. Never for one that K3s or the bootstrap manifests bring. */
  createNamespace?: boolean
  /** What it made goes when the Application goes. Not for what others stand on. */
  cascade?: boolean
}

/**
 * An Application in a file of its own. Retried for ever with back-off, because at the first sync the kinds of other
 * Applications are still missing; SkipDryRun alone only skips the dry run, the apply still fails (facts/kubernetes.md C).
 * Server-side apply, because the CRDs of the charts are larger than an annotation may be.
 */
export function applicationFile(input: ApplicationInput): AppsFile {
  return objectsFile(`${input.name}.yaml`, input.comment, [application(input)])
}

function application(input: ApplicationInput): KubernetesObject {
  const { name, wave, namespace, sources, createNamespace = false, cascade = false } = input
  const [first] = sources
  return {
    apiVersion: 'argoproj.io/v1alpha1',
    kind: 'Application',
    metadata: {
      name,
      namespace: 'argocd',
      annotations: { 'argocd.argoproj.io/sync-wave': String(wave) },
      ...(cascade ? { finalizers: ['resources-finalizer.argocd.argoproj.io'] } : {}),
    },
    spec: {
      project: 'default',
      ...(sources.length === 1 ? { source: first } : { sources }),
      destination: { server: 'https://kubernetes.default.svc', namespace },
      syncPolicy: {
        automated: { prune: true, selfHeal: true },
        syncOptions: [
          ...(createNamespace ? ['CreateNamespace=true'] : []),
          'SkipDryRunOnMissingResource=true',
          'ServerSideApply=true',
        ],
        retry: { limit: -1, backoff: { duration: '5s', factor: 2, maxDuration: '3m' }, refresh: true },
      },
    },
  }
}

/** A folder of the repository, below the App-of-Apps folder. */
export function folderSource({ git }: Config, folder: string): Source {
  return { repoURL: git.url, targetRevision: git.branch, path: repositoryPath(git.path, folder) }
}

/** @returns path from the root of the repository, as Argo CD wants it: no `./`, no slash at either end */
export function repositoryPath(appsPath: string, folder: string): string {
  const parts = [...appsPath.split('/'), ...folder.split('/')]
  return parts.filter(part => part !== '' && part !== '.').join('/')
}

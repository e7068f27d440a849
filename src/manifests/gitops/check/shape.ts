import { isMap } from './read.ts'

/** Keys an object may have; `true` takes anything below, a list in brackets is a list of such. */
export type Shape = { [key: string]: Shape | [Shape] | true }

/** Dotted paths of keys that the shape does not know. */
export function unknownKeys(value: unknown, shape: Shape, prefix = ''): string[] {
  if (!isMap(value)) return []
  return Object.entries(value).flatMap(([key, item]) => {
    const known = Object.hasOwn(shape, key) ? shape[key] : undefined
    const path = prefix === '' ? key : `${prefix}.${key}`
    if (known === undefined) return [path]
    if (known === true) return []
    if (!Array.isArray(known)) return unknownKeys(item, known, path)
    const [each] = known
    return Array.isArray(item) ? item.flatMap((one, index) => unknownKeys(one, each, `${path}.${index}`)) : []
  })
}

const source: Shape = {
  ...{ repoURL: true, targetRevision: true, path: true, chart: true, ref: true, name: true },
  helm: {
    ...{ releaseName: true, values: true, valuesObject: true, valueFiles: true, parameters: true },
    ...{ fileParameters: true, version: true, passCredentials: true, ignoreMissingValueFiles: true },
    ...{ skipCrds: true, skipTests: true, skipSchemaValidation: true, namespace: true },
    ...{ kubeVersion: true, apiVersions: true },
  },
  kustomize: true,
  directory: { recurse: true, jsonnet: true, include: true, exclude: true },
  plugin: true,
}

/** Application of argoproj.io/v1alpha1, Argo CD 3: https://argo-cd.readthedocs.io/en/stable/user-guide/application-specification/ */
export const applicationShape: Shape = {
  ...{ apiVersion: true, kind: true, metadata: true, operation: true, status: true },
  spec: {
    ...{
      project: true,
      ignoreDifferences: true,
      info: true,
      revisionHistoryLimit: true,
      sourceHydrator: true,
    },
    source,
    sources: [source],
    destination: { server: true, namespace: true, name: true },
    syncPolicy: {
      automated: { prune: true, selfHeal: true, allowEmpty: true, enabled: true },
      syncOptions: true,
      managedNamespaceMetadata: { labels: true, annotations: true },
      retry: { limit: true, refresh: true, backoff: { duration: true, factor: true, maxDuration: true } },
    },
  },
}

const updateSettings: Shape = {
  ...{ updateStrategy: true, forceUpdate: true, allowTags: true, ignoreTags: true, pullSecret: true },
  platforms: true,
}
const writeBack: Shape = {
  method: true,
  gitConfig: { repository: true, branch: true, writeBackTarget: true, pullRequest: true },
}

/** ImageUpdater of argocd-image-updater v1.x (facts/kubernetes.md F). */
export const imageUpdaterShape: Shape = {
  ...{ apiVersion: true, kind: true, metadata: true, status: true },
  spec: {
    namespace: true,
    commonUpdateSettings: updateSettings,
    writeBackConfig: writeBack,
    applicationRefs: [
      {
        ...{ namePattern: true, labelSelectors: true, useAnnotations: true },
        commonUpdateSettings: updateSettings,
        writeBackConfig: writeBack,
        images: [
          { alias: true, imageName: true, commonUpdateSettings: updateSettings, manifestTargets: true },
        ],
      },
    ],
  },
}

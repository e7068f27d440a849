import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { applicationFile, folderSource } from './application.ts'
import { charts } from './charts.ts'
import { type AppsFile, kustomization, objectsFile, sealedFile } from './files.ts'
import { pullSecret, type RegistryAccess } from './pull-secret.ts'

/** Strategies of the image updater. Any other word silently means semver; there is no "numeric" one (facts/kubernetes.md F). */
export const updateStrategies = ['semver', 'newest-build', 'digest', 'alphabetical'] as const

const namespace = 'argocd'

/**
 * The image updater and what it keeps current. It writes new tags to Git with Argo CD's own access to the repository,
 * so the token there needs the right to write.
 */
export function imageUpdater(config: Config, registry: RegistryAccess): AppsFile[] {
  return [
    applicationFile({
      name: 'image-updater',
      comment: 'Writes new image tags to this repository, as commits that Argo CD then follows.',
      wave: 2,
      namespace,
      cascade: true,
      sources: [
        { ...charts.imageUpdater, helm: { releaseName: 'argocd-image-updater', valuesObject: {} } },
        folderSource(config, 'image-updater'),
      ],
    }),
    kustomization('image-updater', ['image-updater.yaml', 'ghcr-pull.yaml']),
    objectsFile(
      'image-updater/image-updater.yaml',
      'Tags that are numbers, the highest wins: semver reads 42 as 42.0.0, so 10 comes after 9.\nCI must not build again on the commits that this makes.',
      [followed(config)],
    ),
    sealedFile(
      'image-updater/ghcr-pull.yaml',
      'Reads the tags of private images at ghcr.io.',
      pullSecret(namespace, registry),
    ),
  ]
}

function followed({ apps, git }: Config): KubernetesObject {
  return {
    apiVersion: 'argocd-image-updater.argoproj.io/v1alpha1',
    kind: 'ImageUpdater',
    metadata: { name: 'cosmos', namespace },
    spec: {
      commonUpdateSettings: {
        updateStrategy: 'semver',
        allowTags: 'regexp:^[0-9]+$',
        pullSecret: `pullsecret:${namespace}/ghcr-pull`,
      },
      writeBackConfig: {
        method: 'git',
        gitConfig: { branch: git.branch, writeBackTarget: 'kustomization' },
      },
      applicationRefs: apps.images.map(({ application, image }) => ({
        namePattern: application,
        images: [{ alias: application, imageName: image }],
      })),
    },
  }
}

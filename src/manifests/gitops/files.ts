import type { KubernetesObject } from '../kubernetes.ts'
import { toYaml } from '../yaml.ts'

/** A Secret before it is sealed. Its values never reach a file as they are. */
export type PlainSecret = {
  name: string
  namespace: string
  /** Kubernetes type; `Opaque` when left out. */
  type?: string
  values: Record<string, string>
}

/** One file of the App-of-Apps folder. */
export type AppsFile = {
  /** Below the folder, with `/`. */
  path: string
  /**
   * `cosmos`: kept as cosmos writes it, unless you edited it. `you`: a beginning that is written once and then yours,
   * because you or the image updater are meant to change it.
   */
  owner: 'cosmos' | 'you'
} & ({ text: string; secret?: never } | { secret: PlainSecret; comment: string; text?: never })

/** A file of objects below a comment. @param comment what the file is for, a line or several */
export function objectsFile(path: string, comment: string, objects: readonly KubernetesObject[]): AppsFile {
  return { path, owner: 'cosmos', text: withComment(comment, objects.map(toYaml).join('---\n')) }
}

/** A file whose one object is a SealedSecret made from the secret. */
export function sealedFile(path: string, comment: string, secret: PlainSecret): AppsFile {
  return { path, owner: 'cosmos', comment, secret }
}

/** `kustomization.yaml` of a folder. Applications need one so that the image updater can write to it. */
export function kustomization(
  folder: string,
  resources: readonly string[],
  more: Record<string, unknown> = {},
): AppsFile {
  const object = { apiVersion: 'kustomize.config.k8s.io/v1beta1', kind: 'Kustomization', resources, ...more }
  return { path: `${folder}/kustomization.yaml`, owner: 'cosmos', text: toYaml(object) }
}

/** The same files, as beginnings that become the user's. */
export function yours(files: readonly AppsFile[]): AppsFile[] {
  return files.map(file => (file.secret === undefined ? { ...file, owner: 'you' } : file))
}

export function withComment(comment: string, text: string): string {
  return `${comment
    .split('\n')
    .map(line => `# ${line}`)
    .join('\n')}\n${text}`
}

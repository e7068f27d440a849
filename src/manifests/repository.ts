import type { Config } from '../config/schema.ts'
import type { KubernetesObject } from './kubernetes.ts'

/** Name of the Secret, in namespace argocd. */
export const repositorySecret = 'cosmos-repo'

/** How Argo CD gets at the repository. */
export function repository(
  config: Config,
  credential: { username: string; token: string },
): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: repositorySecret,
      namespace: 'argocd',
      labels: { 'argocd.argoproj.io/secret-type': 'repository' },
    },
    stringData: {
      type: 'git',
      url: config.git.url,
      username: credential.username,
      password: credential.token,
    },
  }
}

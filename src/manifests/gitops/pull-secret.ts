import type { PlainSecret } from './files.ts'

export const registryHost = 'ghcr.io'

/** Who reads images at GHCR. The token needs read:packages. */
export type RegistryAccess = { username: string; token: string }

/** A pull secret as kubelet and image updater read it. */
export function pullSecret(namespace: string, { username, token }: RegistryAccess): PlainSecret {
  const auth = Buffer.from(`${username}:${token}`).toString('base64')
  const value = JSON.stringify({ auths: { [registryHost]: { username, password: token, auth } } })
  return {
    name: 'ghcr-pull',
    namespace,
    type: 'kubernetes.io/dockerconfigjson',
    values: { '.dockerconfigjson': value },
  }
}

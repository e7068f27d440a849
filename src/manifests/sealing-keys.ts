import type { SealingKey } from '../vault/contents.ts'
import type { KubernetesObject } from './kubernetes.ts'

/**
 * The sealing keys, as the Sealed Secrets controller adopts them: one Secret each, label `active`. It seals with the one
 * whose certificate is the newest by NotBefore, whatever the names; the newest is called by the plain prefix.
 */
export function sealingKeySecrets(keys: readonly SealingKey[]): KubernetesObject[] {
  return keys.map((key, index) => ({
    ...secret(index, keys.length),
    data: { 'tls.crt': base64(key.certificate), 'tls.key': base64(key.privateKey) },
  }))
}

/** The same, with the PEM texts as they are: base64 of base64 would cost a tenth of the whole user data. */
export function plainSealingKeySecrets(keys: readonly SealingKey[]): KubernetesObject[] {
  return keys.map((key, index) => ({
    ...secret(index, keys.length),
    stringData: { 'tls.crt': key.certificate, 'tls.key': key.privateKey },
  }))
}

function secret(index: number, count: number): KubernetesObject {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: sealingKeyName(index, count),
      namespace: 'kube-system',
      labels: { 'sealedsecrets.bitnami.com/sealed-secrets-key': 'active' },
    },
    type: 'kubernetes.io/tls',
  }
}

/** @param index from the oldest */
export function sealingKeyName(index: number, count: number): string {
  return index === count - 1 ? 'sealed-secrets-key' : `sealed-secrets-key-${index + 1}`
}

function base64(text: string): string {
  return Buffer.from(text).toString('base64')
}

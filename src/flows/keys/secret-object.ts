import type { SealingKey } from '../../vault/contents.ts'

/** Names and label that the controller looks for (sealed-secrets pkg/controller keys.go). */
const prefix = 'sealed-secrets-key'
const activeLabel = { 'sealedsecrets.bitnami.com/sealed-secrets-key': 'active' }

/**
 * The keys as the controller keeps them: one kubernetes.io/tls Secret each, in a List that kubectl applies and kubeseal reads.
 * @param keys oldest first; the order has no meaning to the controller, which goes by the certificates.
 */
export function keyList(keys: readonly SealingKey[]): Record<string, unknown> {
  return { apiVersion: 'v1', kind: 'List', items: keys.map(keySecret) }
}

function keySecret({ certificate, privateKey }: SealingKey, index: number): Record<string, unknown> {
  return {
    apiVersion: 'v1',
    kind: 'Secret',
    metadata: {
      name: index === 0 ? prefix : `${prefix}-${index + 1}`,
      namespace: 'kube-system',
      labels: activeLabel,
    },
    type: 'kubernetes.io/tls',
    data: {
      'tls.crt': Buffer.from(certificate).toString('base64'),
      'tls.key': Buffer.from(privateKey).toString('base64'),
    },
  }
}

import type { KubernetesObject } from './kubernetes.ts'

/** Namespaces that objects of the other files live in; an object of a missing namespace would fail its file. */
export function namespaces(): KubernetesObject[] {
  return [{ apiVersion: 'v1', kind: 'Namespace', metadata: { name: 'argocd' } }]
}

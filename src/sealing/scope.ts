/** How far a sealed secret may be moved: not at all, within its namespace, anywhere. */
export const scopes = ['strict', 'namespace-wide', 'cluster-wide'] as const
export type Scope = (typeof scopes)[number]

const annotationOf = {
  'namespace-wide': 'sealedsecrets.bitnami.com/namespace-wide',
  'cluster-wide': 'sealedsecrets.bitnami.com/cluster-wide',
} as const

export type Place = { name: string; namespace: string; scope: Scope }

/** The label that RSA-OAEP binds a value to (sealed-secrets EncryptionLabel): opened elsewhere, it does not open. */
export function encryptionLabel({ name, namespace, scope }: Place): Buffer {
  if (scope === 'cluster-wide') return Buffer.alloc(0)
  return Buffer.from(scope === 'namespace-wide' ? namespace : `${namespace}/${name}`)
}

/** The scope that annotations ask for; cluster-wide wins, and only the word "true" counts (sealed-secrets SecretScope). */
export function scopeOf(annotations: Readonly<Record<string, string>>): Scope {
  if (annotations[annotationOf['cluster-wide']] === 'true') return 'cluster-wide'
  return annotations[annotationOf['namespace-wide']] === 'true' ? 'namespace-wide' : 'strict'
}

/** The annotations that say a scope; none for strict. */
export function scopeAnnotations(scope: Scope): Record<string, string> {
  return scope === 'strict' ? {} : { [annotationOf[scope]]: 'true' }
}

/** The annotations with those of the scope instead of any other scope's. */
export function withScope(
  annotations: Readonly<Record<string, string>>,
  scope: Scope,
): Record<string, string> {
  const named: string[] = Object.values(annotationOf)
  const others = Object.entries(annotations).filter(([key]) => !named.includes(key))
  return { ...Object.fromEntries(others), ...scopeAnnotations(scope) }
}

/** A Helm chart as Argo CD names it. */
export type Chart = { repoURL: string; chart: string; targetRevision: string }

/**
 * Pinned versions: the ones whose templates the values were read against. Source: facts/kubernetes.md 0.
 * A newer one comes with a newer cosmos, and `cosmos gitops diff` shows it.
 */
export const charts = {
  sealedSecrets: {
    repoURL: 'https://bitnami-labs.github.io/sealed-secrets',
    chart: 'sealed-secrets',
    targetRevision: '2.18.5',
  },
  monitoring: {
    repoURL: 'https://prometheus-community.github.io/helm-charts',
    chart: 'kube-prometheus-stack',
    targetRevision: '88.5.3',
  },
  imageUpdater: {
    repoURL: 'https://argoproj.github.io/argo-helm',
    chart: 'argocd-image-updater',
    targetRevision: '1.2.4',
  },
} as const satisfies Record<string, Chart>

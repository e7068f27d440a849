import { sourcesOf } from './applications.ts'
import { error, type Problem } from './problem.ts'
import { at, type Placed, text } from './read.ts'

type Trap = { chart: string; isIn: (values: unknown) => boolean; message: string }

/** Values that Helm takes without a word and that do not do what was meant. Source: facts/kubernetes.md B, D.3, G. */
const traps: readonly Trap[] = [
  {
    chart: 'sealed-secrets',
    isIn: values => at(values, 'keyrenewperiod') !== '0',
    message:
      'keyrenewperiod must be the text "0": else the controller makes a key of its own, and what is sealed with it is lost with the next swap',
  },
  {
    chart: 'sealed-secrets',
    isIn: values => (at(values, 'secretName') ?? 'sealed-secrets-key') !== 'sealed-secrets-key',
    message: 'secretName must be sealed-secrets-key, the one that the key of the vault has',
  },
  {
    chart: 'kube-prometheus-stack',
    isIn: values => at(values, 'prometheus', 'prometheusSpec', 'storage') !== undefined,
    message: 'prometheusSpec.storage does nothing: for Prometheus it is storageSpec',
  },
  {
    chart: 'kube-prometheus-stack',
    isIn: values => at(values, 'alertmanager', 'alertmanagerSpec', 'storageSpec') !== undefined,
    message: 'alertmanagerSpec.storageSpec does nothing: for Alertmanager it is storage',
  },
  {
    chart: 'kube-prometheus-stack',
    isIn: values => at(values, 'prometheus-node-exporter', 'service', 'port') === 9101,
    message: "node-exporter on 9101 meets Traefik's metrics there; leave it on 9100",
  },
  {
    chart: 'kube-prometheus-stack',
    isIn: values => text(at(values, 'grafana', 'adminPassword')) !== '',
    message: 'grafana.adminPassword is a secret in Git: use grafana.admin.existingSecret and a SealedSecret',
  },
  {
    chart: 'traefik',
    isIn: values => at(values, 'ports', 'metrics', 'expose', 'default') === true,
    message: 'ports.metrics.expose.default opens the metrics on the public address',
  },
]

export function valueProblems(applications: readonly Placed[]): Problem[] {
  return applications.flatMap(application =>
    sourcesOf(application).flatMap(source => {
      const values = at(source, 'helm', 'valuesObject')
      if (values === undefined && at(source, 'helm', 'values') !== undefined) return []
      return traps
        .filter(({ chart, isIn }) => chart === at(source, 'chart') && isIn(values))
        .map(({ message }) => error(application.path, `${application.name}: ${message}`))
    }),
  )
}

import type { Config } from '../../config/schema.ts'
import type { KubernetesObject } from '../kubernetes.ts'
import { dataClass } from '../storage.ts'
import { busybox } from '../traefik.ts'
import { applicationFile, folderSource } from './application.ts'
import { type AppsFile, kustomization, objectsFile, yours } from './files.ts'
import { ingress, ingressAnnotations } from './ingress.ts'

const namespace = 'example'
const name = 'ledger'
const port = 8080
const labels = { 'app.kubernetes.io/name': name }

/**
 * A StatefulSet whose claim is dynamic: it writes a line at each start and shows them all. After a swap the earlier lines
 * are still there, because the claim has the same name and its class keeps one folder per name.
 */
export function example(config: Config): AppsFile[] {
  const { domain } = config
  const host = domain === undefined ? [] : [hostIngress(config, domain)]
  return yours([
    applicationFile({
      name: 'example',
      comment:
        'Shows that the data of a StatefulSet outlives the machine. Change it, or delete it with its folder.',
      wave: 3,
      namespace,
      createNamespace: true,
      cascade: true,
      sources: [folderSource(config, 'example')],
    }),
    kustomization('example', ['ledger.yaml']),
    objectsFile(
      'example/ledger.yaml',
      `The claim data-${name}-0 lies in /data/k3s-storage/${namespace}/data-${name}-0, on every machine.`,
      [service, statefulSet, ...host],
    ),
  ])
}

const service: KubernetesObject = {
  apiVersion: 'v1',
  kind: 'Service',
  metadata: { name, namespace, labels },
  spec: { selector: labels, ports: [{ name: 'http', port, targetPort: 'http' }] },
}

const statefulSet: KubernetesObject = {
  apiVersion: 'apps/v1',
  kind: 'StatefulSet',
  metadata: { name, namespace, labels },
  spec: {
    serviceName: name,
    replicas: 1,
    selector: { matchLabels: labels },
    template: {
      metadata: { labels },
      spec: {
        terminationGracePeriodSeconds: 10,
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 1000,
          runAsGroup: 1000,
          fsGroup: 1000,
          seccompProfile: { type: 'RuntimeDefault' },
        },
        containers: [
          {
            name,
            image: busybox,
            command: [
              'sh',
              '-c',
              `echo "$(date -u) $HOSTNAME started" >>/data/index.html && exec httpd -f -p ${port} -h /data`,
            ],
            ports: [{ name: 'http', containerPort: port }],
            readinessProbe: { httpGet: { path: '/', port: 'http' } },
            resources: { requests: { cpu: '5m', memory: '8Mi' }, limits: { memory: '32Mi' } },
            securityContext: {
              allowPrivilegeEscalation: false,
              readOnlyRootFilesystem: true,
              capabilities: { drop: ['ALL'] },
            },
            volumeMounts: [{ name: 'data', mountPath: '/data' }],
          },
        ],
      },
    },
    volumeClaimTemplates: [
      {
        apiVersion: 'v1',
        kind: 'PersistentVolumeClaim',
        metadata: { name: 'data' },
        spec: {
          storageClassName: dataClass,
          accessModes: ['ReadWriteOnce'],
          resources: { requests: { storage: '1Gi' } },
        },
      },
    ],
  },
}

function hostIngress(config: Config, domain: string): KubernetesObject {
  return ingress(
    { name, namespace, host: `example.${domain}`, service: name, port },
    ingressAnnotations(config),
  )
}

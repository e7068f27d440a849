import assert from 'node:assert/strict'
import { parseAllDocuments } from 'yaml'
import { bootstrapManifests, updateStrategies } from '../../../src/manifests/index.ts'
import { config } from '../../fixtures/cloud.ts'
import { vault } from '../../fixtures/vault.ts'
import { applications, everything, type Found, find, folder, objects, sourcesOf, values } from './folder.ts'

/** Objects that K3s makes before Git is read. */
function bootstrapObjects(): Found[] {
  const { git, sealing, argocd } = vault()
  return bootstrapManifests({
    config: config(everything),
    repository: git ?? null,
    sealingKeys: sealing.keys,
    argocdAdminPasswordHash: argocd.adminPasswordHash,
  }).flatMap(file => parseAllDocuments(file.content).map(document => document.toJS()))
}

/** One test a line of the pitfall list (facts/kubernetes.md), as far as the App-of-Apps folder is concerned. */
describe('pitfalls of the App-of-Apps folder', () => {
  it('1: no name that Kubernetes refuses', () => {
    for (const { path, object } of objects()) {
      assert.doesNotMatch(path, /_/)
      if (object.kind !== 'Kustomization')
        assert.match(object.metadata.name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?$/)
    }
  })

  it('2: HTTP goes to HTTPS, by a middleware that exists', () => {
    const ingress = find('Ingress', 'argocd-http')
    const middleware = find('Middleware', 'redirect-to-https')
    assert.equal(
      ingress.metadata.annotations['traefik.ingress.kubernetes.io/router.middlewares'],
      `${middleware.metadata.namespace}-${middleware.metadata.name}@kubernetescrd`,
    )
    assert.equal(ingress.metadata.annotations['traefik.ingress.kubernetes.io/router.entrypoints'], 'web')
    assert.deepEqual(middleware.spec, { redirectScheme: { scheme: 'https', permanent: true } })
  })

  it('3: Traefik on 9101, node-exporter on 9100, and Prometheus asks the port by its name', () => {
    const traefik = bootstrapObjects().find(each => each.kind === 'HelmChartConfig')
    assert.match(
      traefik.spec.valuesContent,
      /port: 9101\n {4}exposedPort: 9101\n {4}expose:\n {6}default: false/,
    )
    assert.deepEqual(values('monitoring')['prometheus-node-exporter'].service, {
      port: 9100,
      targetPort: 9100,
    })
    const monitor = find('ServiceMonitor', 'traefik')
    assert.equal(monitor.spec.endpoints[0].port, 'metrics')
    assert.deepEqual(monitor.spec.namespaceSelector.matchNames, ['kube-system'])
    assert.equal(
      values('monitoring').prometheus.prometheusSpec.serviceMonitorSelectorNilUsesHelmValues,
      false,
    )
  })

  it('4: the controller never renews its key, takes the one we bring, and is where kubeseal looks', () => {
    const sealed = values('sealed-secrets')
    assert.equal(sealed.keyrenewperiod, '0')
    assert.match(
      folder().find(file => file.path === 'sealed-secrets.yaml')?.text ?? '',
      /keyrenewperiod: "0"/,
    )
    assert.equal(sealed.secretName, 'sealed-secrets-key')
    assert.equal(sealed.fullnameOverride, 'sealed-secrets-controller')
    assert.equal(find('Application', 'sealed-secrets').spec.destination.namespace, 'kube-system')
    assert.ok(
      bootstrapObjects().some(each => each.kind === 'Secret' && each.metadata.name === sealed.secretName),
    )
  })

  it('5: dynamic claims use the class with the stable path; names of claims do not change', () => {
    const storage = bootstrapObjects().find(each => each.kind === 'StorageClass')
    const [claim] = find('StatefulSet', 'ledger').spec.volumeClaimTemplates
    assert.equal(claim.spec.storageClassName, storage.metadata.name)
    assert.match(storage.parameters.pathPattern, /\/$/)
    assert.equal(storage.reclaimPolicy, 'Retain')
  })

  it('6: static claims find their volume: label, class, access and size', () => {
    const { prometheus, alertmanager } = values('monitoring')
    for (const [template, name] of [
      [prometheus.prometheusSpec.storageSpec, 'prometheus-pv'],
      [alertmanager.alertmanagerSpec.storage, 'alertmanager-pv'],
    ]) {
      const claim = template.volumeClaimTemplate.spec
      const { metadata, spec } = find('PersistentVolume', name)
      assert.deepEqual(claim.selector.matchLabels, metadata.labels)
      assert.equal(claim.storageClassName, spec.storageClassName)
      assert.deepEqual(claim.accessModes, spec.accessModes)
      assert.equal(claim.resources.requests.storage, spec.capacity.storage)
      assert.equal(spec.persistentVolumeReclaimPolicy, 'Retain')
      assert.equal(spec.hostPath.type, 'Directory')
      assert.match(metadata.annotations['argocd.argoproj.io/sync-options'], /Prune=false,Delete=false/)
    }
    assert.equal(prometheus.prometheusSpec.storage, undefined)
    assert.equal(alertmanager.alertmanagerSpec.storageSpec, undefined)
  })

  for (const [sizeGb, retention] of [
    [10, '3GB'],
    [20, '6GB'],
    [50, '16GB'],
    [10240, '3276GB'],
  ] as const) {
    it(`6: metrics stay below their share of a volume of ${sizeGb} GB`, () => {
      const files = folder({ volume: { sizeGb } })
      assert.equal(values('monitoring', files).prometheus.prometheusSpec.retentionSize, retention)
      const share = Number.parseInt(
        find('PersistentVolume', 'prometheus-pv', files).spec.capacity.storage,
        10,
      )
      assert.ok(Number.parseInt(retention, 10) < share && share < sizeGb / 2)
    })
  }

  it('10: the image updater knows the strategy, sees numbers only, and its applications are Kustomize', () => {
    const { spec } = find('ImageUpdater', 'cosmos')
    assert.ok(updateStrategies.includes(spec.commonUpdateSettings.updateStrategy))
    const pattern = new RegExp(spec.commonUpdateSettings.allowTags.replace('regexp:', ''))
    assert.deepEqual(
      ['9', '10', 'v10', '10-rc', 'latest'].filter(tag => pattern.test(tag)),
      ['9', '10'],
    )
    assert.equal(spec.writeBackConfig.method, 'git')
    for (const { namePattern, images } of spec.applicationRefs) {
      const [source] = sourcesOf(find('Application', namePattern))
      const path = `${source.path.split('/').at(-1)}/kustomization.yaml`
      const kustomization = objects().find(each => each.path === path)?.object
      assert.deepEqual(
        kustomization.images.map((each: Found) => each.name),
        images.map((each: Found) => each.imageName),
      )
    }
    for (const { object } of objects())
      assert.ok(!JSON.stringify(object).includes('argocd-image-updater.argoproj.io/image-list'))
  })

  it('11: every Application is retried for ever, with back-off, and survives missing kinds', () => {
    for (const { metadata, spec } of applications()) {
      assert.equal(spec.syncPolicy.retry.limit, -1, metadata.name)
      assert.deepEqual(spec.syncPolicy.retry.backoff, { duration: '5s', factor: 2, maxDuration: '3m' })
      assert.ok(spec.syncPolicy.syncOptions.includes('SkipDryRunOnMissingResource=true'))
      assert.ok(spec.syncPolicy.syncOptions.includes('ServerSideApply=true'))
    }
  })

  it('11: what others stand on does not go when its Application goes', () => {
    for (const name of ['sealed-secrets', 'storage'])
      assert.equal(find('Application', name).metadata.finalizers, undefined)
  })

  it('K3s has no scheduler, proxy, controller manager or etcd of its own to watch', () => {
    for (const part of ['kubeControllerManager', 'kubeScheduler', 'kubeProxy', 'kubeEtcd'])
      assert.deepEqual(values('monitoring')[part], { enabled: false })
  })

  it('waves go from what is needed to what needs it', () => {
    const wave = (name: string) =>
      Number(find('Application', name).metadata.annotations['argocd.argoproj.io/sync-wave'])
    assert.ok(wave('sealed-secrets') < wave('monitoring'))
    assert.ok(wave('storage') < wave('monitoring'))
    assert.ok(wave('monitoring') < wave('traefik-metrics'))
    assert.ok(wave('image-updater') < wave('web'))
  })

  it('nothing in a chart with a version that moves', () => {
    const helm = applications()
      .flatMap(sourcesOf)
      .filter(source => source.chart !== undefined)
    assert.equal(helm.length, 3)
    for (const { targetRevision } of helm) assert.match(targetRevision, /^\d+\.\d+\.\d+$/)
  })

  it('no two own one object, bootstrap included', () => {
    const seen = new Set<string>()
    const all = [...bootstrapObjects(), ...objects().map(each => each.object)]
    for (const { kind, metadata } of all.filter(each => each.kind !== 'Kustomization')) {
      const id = `${kind} ${metadata.namespace ?? ''}/${metadata.name}`
      assert.ok(!seen.has(id), id)
      seen.add(id)
    }
  })

  it('no Application has the name of a Helm release that K3s installs', () => {
    for (const { metadata } of applications()) assert.ok(!['argocd', 'traefik'].includes(metadata.name))
  })

  it('Grafana takes its password from the Secret that is sealed for it', () => {
    const { admin } = values('monitoring').grafana
    const secret = folder().find(file => file.path === 'monitoring/grafana-admin.yaml')?.secret
    assert.equal(secret?.name, admin.existingSecret)
    assert.equal(secret?.namespace, find('Application', 'monitoring').spec.destination.namespace)
    assert.deepEqual(Object.keys(secret?.values ?? {}), [admin.userKey, admin.passwordKey])
    assert.equal(values('monitoring').grafana.adminPassword, undefined)
  })
})

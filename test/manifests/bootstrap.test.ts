import assert from 'node:assert/strict'
import { join } from 'node:path'
import { parse, parseAllDocuments } from 'yaml'
import type { ConfigInput } from '../../src/config/schema.ts'
import { bootstrapManifests, type ManifestFile } from '../../src/manifests/index.ts'
import { config } from '../fixtures/cloud.ts'
import { assertGolden } from '../fixtures/golden.ts'
import { vault } from '../fixtures/vault.ts'

const whole = { domain: 'example.com', acme: { email: 'ops@example.com' } }

function manifests(changes: Partial<ConfigInput> = whole): ManifestFile[] {
  const { git, sealing, argocd } = vault()
  return bootstrapManifests({
    config: config(changes),
    repository: git ?? null,
    sealingKeys: sealing.keys,
    argocdAdminPasswordHash: argocd.adminPasswordHash,
  })
}

// biome-ignore lint/suspicious/noExplicitAny: documents of many kinds, looked into by the tests
type Found = any
function objects(files = manifests()): Found[] {
  return files.flatMap(file => parseAllDocuments(file.content).map(document => document.toJS()))
}

function find(kind: string, name: string, files = manifests()): Found {
  const found = objects(files).find(each => each.kind === kind && each.metadata.name === name)
  assert.ok(found, `${kind} ${name} is missing`)
  return found
}

const values = (kind: string, name: string, files = manifests()): Found =>
  parse(find(kind, name, files).spec.valuesContent)

/** Add-ons that K3s brings itself. Source: facts/kubernetes.md A.4. */
const packaged = ['ccm', 'coredns', 'local-storage', 'traefik', 'metrics-server', 'rolebindings', 'runtimes']

describe('bootstrap manifests', () => {
  it('read as a person would write them', () => {
    const text = manifests()
      .map(file => `# ${file.name}\n${file.content}`)
      .join('---\n')
    assertGolden(join(import.meta.dirname, 'golden', 'bootstrap.yaml'), text)
  })

  it('have names that K3s accepts and does not use itself', () => {
    for (const { name } of manifests()) {
      assert.match(name, /^[a-z0-9]([-a-z0-9]*[a-z0-9])?\.yaml$/)
      assert.ok(!packaged.includes(name.replace('.yaml', '')), name)
    }
  })

  it('are named in the order they are needed: namespaces first, our storage class after that of K3s', () => {
    const names = manifests().map(file => file.name)
    assert.deepEqual(names, [...names].sort())
    assert.equal(names[0], 'cosmos-00-namespaces.yaml')
    assert.ok((names.at(-1) ?? '') > 'local-storage.yaml')
  })

  it('redirect web to websecure by the spelling that Traefik charts 39 to 41 know', () => {
    const { ports } = values('HelmChartConfig', 'traefik')
    assert.equal(ports.web.http.redirections.entryPoint.to, 'websecure')
    assert.equal(ports.web.redirections, undefined)
    assert.equal(ports.web.redirectTo, undefined)
    assert.equal(ports.websecure.tls, undefined)
  })

  it('keep Traefik metrics on 9101 and off the public address', () => {
    const { ports, metrics, service, deployment } = values('HelmChartConfig', 'traefik')
    assert.deepEqual(ports.metrics, { port: 9101, exposedPort: 9101, expose: { default: false } })
    assert.equal(deployment.podAnnotations['prometheus.io/port'], '9101')
    assert.equal(metrics.prometheus.entryPoint, 'metrics')
    assert.equal(service.type, undefined)
  })

  it('let one Traefik at a time write acme.json, as its own user', () => {
    const { updateStrategy, deployment, persistence } = values('HelmChartConfig', 'traefik')
    assert.equal(updateStrategy.type, 'Recreate')
    assert.equal(persistence.existingClaim, 'traefik-acme-pvc')
    const [init] = deployment.initContainers
    assert.equal(init.securityContext.runAsUser, 0)
    assert.equal(init.securityContext.runAsNonRoot, false)
    assert.deepEqual(init.securityContext.capabilities.add, ['CHOWN', 'FOWNER', 'DAC_OVERRIDE'])
    assert.match(init.command[2], /chmod 600 .* chown -R 65532:65532/)
  })

  it('give the controller every sealing key, with label, type and both halves', () => {
    const secrets = objects().filter(each => each.type === 'kubernetes.io/tls')
    assert.deepEqual(
      secrets.map(each => each.metadata.name),
      ['sealed-secrets-key-1', 'sealed-secrets-key'],
    )
    for (const secret of secrets) {
      assert.equal(secret.metadata.namespace, 'kube-system')
      assert.equal(secret.metadata.labels['sealedsecrets.bitnami.com/sealed-secrets-key'], 'active')
      assert.deepEqual(Object.keys(secret.stringData), ['tls.crt', 'tls.key'])
    }
    assert.match(secrets[1].stringData['tls.crt'], /new/)
  })

  it('keep dynamic claims on a stable path, and keep their data', () => {
    const storage = find('StorageClass', 'cosmos-data')
    assert.ok(storage.parameters.pathPattern.endsWith('/'))
    assert.equal(storage.reclaimPolicy, 'Retain')
    assert.notEqual(storage.metadata.name, 'local-path')
  })

  it('keep static volumes, on folders that must exist', () => {
    const volumes = objects().filter(each => each.kind === 'PersistentVolume')
    assert.deepEqual(
      volumes.map(each => each.metadata.labels['cosmos.dev/volume']),
      ['traefik-acme'],
    )
    for (const { spec } of volumes) {
      assert.equal(spec.persistentVolumeReclaimPolicy, 'Retain')
      assert.equal(spec.storageClassName, 'manual')
      assert.equal(spec.hostPath.type, 'Directory')
    }
    assert.equal(find('PersistentVolume', 'traefik-acme-pv').spec.claimRef.name, 'traefik-acme-pvc')
  })

  it('retry the root Application for ever, alone in its file and without finalizer', () => {
    const file = manifests().find(each => each.content.includes('name: root'))
    const documents = parseAllDocuments(file?.content ?? '')
    assert.equal(documents.length, 1)
    const root = find('Application', 'root')
    assert.equal(root.spec.syncPolicy.retry.limit, -1)
    assert.equal(root.metadata.finalizers, undefined)
    assert.ok(root.spec.syncPolicy.syncOptions.includes('SkipDryRunOnMissingResource=true'))
    assert.equal(root.spec.source.repoURL, find('Secret', 'cosmos-repo').stringData.url)
  })

  it('install Argo CD without waiting for the network of pods, and never by uninstalling', () => {
    const { spec } = find('HelmChart', 'argocd')
    assert.equal(spec.bootstrap, true)
    assert.equal(spec.failurePolicy, 'retry')
    assert.equal(spec.timeout, '15m')
  })

  it('leave out failurePolicy where K3s does not know the value', () => {
    for (const [version, policy] of [
      ['v1.36.2+k3s1', undefined],
      ['v1.36.3+k3s1', 'retry'],
      ['v1.35.7+k3s1', 'retry'],
      ['v1.34.9+k3s1', undefined],
    ] as const) {
      assert.equal(
        find('HelmChart', 'argocd', manifests({ k3s: { version } })).spec.failurePolicy,
        policy,
        version,
      )
    }
  })

  it('end TLS at Traefik: Argo CD speaks plain HTTP behind it', () => {
    const argo = values('HelmChart', 'argocd')
    assert.equal(argo.configs.params['server.insecure'], true)
    assert.equal(argo.global.domain, 'argocd.example.com')
    assert.equal(
      argo.server.ingress.annotations['traefik.ingress.kubernetes.io/router.tls.certresolver'],
      'letsencrypt',
    )
  })

  it('have neither Ingress nor resolver without a domain', () => {
    const files = manifests({})
    assert.equal(values('HelmChart', 'argocd', files).server, undefined)
    const traefik = values('HelmChartConfig', 'traefik', files)
    assert.equal(traefik.certificatesResolvers, undefined)
    assert.equal(traefik.persistence, undefined)
    assert.equal(traefik.deployment.initContainers, undefined)
    assert.deepEqual(Object.keys(traefik.ports), ['metrics'])
  })

  it('have an Ingress with the default certificate for a domain without ACME', () => {
    const { annotations } = values('HelmChart', 'argocd', manifests({ domain: 'example.com' })).server.ingress
    assert.deepEqual(Object.keys(annotations), [
      'traefik.ingress.kubernetes.io/router.entrypoints',
      'traefik.ingress.kubernetes.io/router.tls',
    ])
  })

  it('keep texts texts for readers of YAML 1.1', () => {
    for (const branch of [
      'on',
      'no',
      'y',
      '0755',
      '1e3',
      '12:30:45',
      'null',
      '~',
      '2026-11-24',
      '- x',
      'a: b #c',
    ]) {
      const files = manifests({ git: { url: 'https://github.com/acme/infra.git', branch } })
      const text = files.find(file => file.name === 'cosmos-60-root.yaml')?.content ?? ''
      assert.equal(parse(text, { version: '1.1' }).spec.source.targetRevision, branch)
      assert.equal(parse(text).spec.source.targetRevision, branch)
    }
  })

  it('name the objects whose files are shredded', () => {
    const secret = manifests().filter(file => file.secrets.length > 0)
    assert.deepEqual(
      secret.map(file => file.name),
      ['cosmos-20-sealing-keys.yaml', 'cosmos-30-repository.yaml', 'cosmos-50-argocd.yaml'],
    )
    assert.deepEqual(
      secret.flatMap(file => file.secrets.map(each => each.name)),
      ['sealed-secrets-key-1', 'sealed-secrets-key', 'cosmos-repo', 'argocd'],
    )
  })

  it('have no repository Secret for a public repository', () => {
    const { sealing, argocd } = vault()
    const files = bootstrapManifests({
      config: config(),
      repository: null,
      sealingKeys: sealing.keys,
      argocdAdminPasswordHash: argocd.adminPasswordHash,
    })
    assert.ok(!files.some(file => file.content.includes('cosmos-repo')))
  })
})

import assert from 'node:assert/strict'
import { parseDocument, stringify } from 'yaml'
import { checkAppsFolder, type FolderFile, type Problem, withComment } from '../../../src/manifests/index.ts'
import { folder } from './folder.ts'

const sealedValue = `Ag${'A'.repeat(400)}`

/** The whole folder as it lies on disk, with stand-ins for sealed values. */
function files(): FolderFile[] {
  return folder().map(file => {
    if (file.secret === undefined) return { path: file.path, text: file.text }
    const { name, namespace, values } = file.secret
    const encryptedData = Object.fromEntries(Object.keys(values).map(key => [key, sealedValue]))
    const object = {
      apiVersion: 'bitnami.com/v1alpha1',
      kind: 'SealedSecret',
      metadata: { name, namespace },
      spec: { encryptedData },
    }
    return { path: file.path, text: withComment(file.comment, stringify(object)) }
  })
}

function check(changed: FolderFile[]): Problem[] {
  return checkAppsFolder({
    path: 'cosmos/argocd/apps',
    url: 'https://github.com/acme/infra',
    files: changed,
    filesIn: path => (path === 'deploy/web' ? ['app.yaml'] : undefined),
  })
}

/** The folder with one value of the first object of a file changed; undefined takes it out. */
function withValue(path: string, keys: (string | number)[], value: unknown): FolderFile[] {
  return files().map(file => {
    if (file.path !== path) return file
    const [first = '', ...others] = file.text.split(/^---$/m)
    const document = parseDocument(first)
    if (value === undefined) document.deleteIn(keys)
    else document.setIn(keys, value)
    return { path, text: [document.toString(), ...others].join('---') }
  })
}

const added = (path: string, object: object): FolderFile[] => [...files(), { path, text: stringify(object) }]
const without = (path: string): FolderFile[] => files().filter(file => file.path !== path)
const configMap = (name: string, namespace?: string) => ({
  apiVersion: 'v1',
  kind: 'ConfigMap',
  metadata: { name, ...(namespace === undefined ? {} : { namespace }) },
})
const wave = ['metadata', 'annotations', 'argocd.argoproj.io/sync-wave']
const helm = ['spec', 'source', 'helm', 'valuesObject']
const helmOfFirst = ['spec', 'sources', 0, 'helm', 'valuesObject']
const updater = 'image-updater/image-updater.yaml'

const errors: [what: string, files: () => FolderFile[], message: RegExp][] = [
  [
    'an unknown key',
    () => withValue('storage.yaml', ['spec', 'syncPolicy', 'automated', 'selfheal'], true),
    /knows no spec\.syncPolicy\.automated\.selfheal/,
  ],
  [
    'an unknown key of one of several sources',
    () => withValue('monitoring.yaml', ['spec', 'sources', 0, 'helm', 'value'], ''),
    /knows no spec\.sources\.0\.helm\.value/,
  ],
  [
    'a misspelt sync option',
    () =>
      withValue(
        'storage.yaml',
        ['spec', 'syncPolicy', 'syncOptions', 0],
        'SkipDryRunOnMissingResources=true',
      ),
    /no sync option/,
  ],
  [
    'a namespace that Argo CD does not look into',
    () => withValue('storage.yaml', ['metadata', 'namespace'], 'apps'),
    /must be argocd/,
  ],
  ['no source', () => withValue('storage.yaml', ['spec', 'source'], undefined), /has no source/],
  [
    'a credential in a repoURL',
    () => withValue('storage.yaml', ['spec', 'source', 'repoURL'], 'https://me:pw@github.com/acme/infra'),
    /carries a credential/,
  ],
  [
    'a path that is not there',
    () => withValue('storage.yaml', ['spec', 'source', 'path'], 'cosmos/argocd/apps/strorage'),
    /there is no folder/,
  ],
  [
    'a file that the kustomization names and nobody wrote',
    () => without('storage/volumes.yaml'),
    /names volumes\.yaml/,
  ],
  [
    'the period of renewal as a number',
    () => withValue('sealed-secrets.yaml', [...helm, 'keyrenewperiod'], 0),
    /must be the text "0"/,
  ],
  [
    'no period of renewal',
    () => withValue('sealed-secrets.yaml', [...helm, 'keyrenewperiod'], undefined),
    /must be the text "0"/,
  ],
  [
    'another key Secret',
    () => withValue('sealed-secrets.yaml', [...helm, 'secretName'], 'mine'),
    /secretName/,
  ],
  [
    'storage for storageSpec',
    () => withValue('monitoring.yaml', [...helmOfFirst, 'prometheus', 'prometheusSpec', 'storage'], {}),
    /for Prometheus it is storageSpec/,
  ],
  [
    'storageSpec for storage',
    () =>
      withValue('monitoring.yaml', [...helmOfFirst, 'alertmanager', 'alertmanagerSpec', 'storageSpec'], {}),
    /for Alertmanager it is storage/,
  ],
  [
    'node-exporter on the port of Traefik',
    () => withValue('monitoring.yaml', [...helmOfFirst, 'prometheus-node-exporter', 'service', 'port'], 9101),
    /9101/,
  ],
  [
    'a password in the values',
    () => withValue('monitoring.yaml', [...helmOfFirst, 'grafana', 'adminPassword'], 'pw'),
    /existingSecret/,
  ],
  [
    'a plain Secret',
    () => added('example/secret.yaml', { apiVersion: 'v1', kind: 'Secret', metadata: { name: 's' } }),
    /not sealed/,
  ],
  [
    'a SealedSecret without namespace',
    () => withValue('monitoring/grafana-admin.yaml', ['metadata', 'namespace'], undefined),
    /opens nowhere/,
  ],
  [
    'a value that is not sealed',
    () => withValue('monitoring/grafana-admin.yaml', ['spec', 'encryptedData', 'admin-user'], 'admin'),
    /is no sealed value/,
  ],
  [
    'a volume that is deleted with its claim',
    () => withValue('storage/volumes.yaml', ['spec', 'persistentVolumeReclaimPolicy'], 'Delete'),
    /must have persistentVolumeReclaimPolicy: Retain/,
  ],
  [
    'a volume on the disk of the server',
    () => withValue('storage/volumes.yaml', ['spec', 'hostPath', 'path'], '/var/prometheus'),
    /below \/data/,
  ],
  [
    'a class whose pattern ends without a slash',
    () =>
      added(
        'class.yaml',
        storageClass({ parameters: { pathPattern: '{{ .PVC.Namespace }}/{{ .PVC.Name }}' } }),
      ),
    /must end in "\/"/,
  ],
  [
    'a class that belongs to K3s',
    () => added('class.yaml', storageClass({ metadata: { name: 'local-path' } })),
    /belongs to K3s/,
  ],
  [
    'two Applications of one name',
    () =>
      added(
        'again.yaml',
        parseDocument(files().find(each => each.path === 'storage.yaml')?.text ?? '').toJS(),
      ),
    /two Applications called storage/,
  ],
  [
    'an object that two own',
    () =>
      added('ledger.yaml', {
        apiVersion: 'apps/v1',
        kind: 'StatefulSet',
        metadata: { name: 'ledger', namespace: 'example' },
      }),
    /belongs to root and to example/,
  ],
  ['a wave that is no number', () => withValue('storage.yaml', wave, 'first'), /no whole number/],
  ['a wave that waits for a later one', () => withValue('monitoring.yaml', wave, '9'), /would wait for ever/],
  [
    'a strategy that is none',
    () => withValue(updater, ['spec', 'commonUpdateSettings', 'updateStrategy'], 'numerical'),
    /there is no strategy numerical/,
  ],
  [
    'an unknown key of the image updater',
    () => withValue(updater, ['spec', 'applicationRefs', 0, 'images', 0, 'image'], 'x'),
    /there is no spec\.applicationRefs\.0\.images\.0\.image/,
  ],
  ['an image updater over a plain folder', () => without('web/kustomization.yaml'), /plain folder/],
  ['broken YAML', () => [...files(), { path: 'x.yaml', text: 'a: [' }], /broken YAML in line/],
  [
    'the same key twice',
    () => [...files(), { path: 'x.yaml', text: 'kind: A\nkind: B\n' }],
    /the same key twice/,
  ],
  ['YAML that is no object', () => added('values.yaml', { replicas: 2 }), /not a Kubernetes object/],
  [
    'a kustomization over the folder itself',
    () => added('kustomization.yaml', { resources: [] }),
    /read only what it lists/,
  ],
]

const warnings: [what: string, files: () => FolderFile[], message: RegExp][] = [
  [
    'retries that end',
    () => withValue('storage.yaml', ['spec', 'syncPolicy', 'retry', 'limit'], 5),
    /should be -1/,
  ],
  ['no retries', () => withValue('storage.yaml', ['spec', 'syncPolicy', 'retry'], undefined), /should be -1/],
  [
    'a dry run over missing kinds',
    () => withValue('storage.yaml', ['spec', 'syncPolicy', 'syncOptions'], ['ServerSideApply=true']),
    /SkipDryRunOnMissingResource/,
  ],
  [
    'no automated sync',
    () => withValue('storage.yaml', ['spec', 'syncPolicy', 'automated'], undefined),
    /nothing comes back/,
  ],
  [
    'a chart that moves',
    () => withValue('sealed-secrets.yaml', ['spec', 'source', 'targetRevision'], '2.x'),
    /not pinned/,
  ],
  [
    'annotations of the old image updater',
    () =>
      withValue('web.yaml', ['metadata', 'annotations', 'argocd-image-updater.argoproj.io/image-list'], 'x'),
    /ignored since 1\.0/,
  ],
  [
    'a claim that loses its data',
    () =>
      withValue('example/ledger.yaml', ['spec', 'x'], 1).concat({
        path: 'example/claim.yaml',
        text: stringify({
          ...configMap('data', 'example'),
          kind: 'PersistentVolumeClaim',
          spec: { storageClassName: 'local-path' },
        }),
      }),
    /new, empty folder after every swap/,
  ],
  [
    'a class without a stable path',
    () => added('class.yaml', storageClass({ parameters: {} })),
    /does not find its data/,
  ],
  ['a file that nothing applies', () => added('example/more.yaml', configMap('more')), /is not listed/],
  [
    'a folder that nothing applies',
    () => added('other/more.yaml', configMap('more')),
    /belongs to no Application/,
  ],
  ['an application to update that is not there', () => without('web.yaml'), /there is no Application web/],
  ['a kind that nobody brings', () => without('monitoring.yaml'), /which no Application brings/],
  [
    'numbers in the order of letters',
    () => withValue(updater, ['spec', 'commonUpdateSettings', 'updateStrategy'], 'alphabetical'),
    /9 above 10/,
  ],
]

function storageClass(changes: object): object {
  return {
    apiVersion: 'storage.k8s.io/v1',
    kind: 'StorageClass',
    metadata: { name: 'data' },
    provisioner: 'rancher.io/local-path',
    reclaimPolicy: 'Retain',
    parameters: { pathPattern: 'x/' },
    ...changes,
  }
}

describe('checkAppsFolder', () => {
  it('finds nothing wrong with what cosmos writes', () => {
    assert.deepEqual(check(files()), [])
  })

  it('takes Applications of other repositories and of other folders', () => {
    assert.deepEqual(
      check(withValue('storage.yaml', ['spec', 'source', 'path'], 'deploy/web')).filter(
        each => each.level === 'error',
      ),
      [],
    )
    const elsewhere = withValue(
      'storage.yaml',
      ['spec', 'source', 'repoURL'],
      'https://github.com/other/charts',
    )
    assert.deepEqual(
      check(elsewhere).filter(each => each.level === 'error'),
      [],
    )
  })

  for (const [what, changed, message] of errors) {
    it(`finds ${what}`, () => {
      const found = check(changed()).filter(each => each.level === 'error')
      assert.ok(
        found.some(each => message.test(each.message)),
        JSON.stringify(found),
      )
    })
  }

  for (const [what, changed, message] of warnings) {
    it(`warns of ${what}`, () => {
      const found = check(changed()).filter(each => each.level === 'warning')
      assert.ok(
        found.some(each => message.test(each.message)),
        JSON.stringify(found),
      )
    })
  }
})

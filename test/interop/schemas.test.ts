import assert from 'node:assert/strict'
import { mkdtempSync, readFileSync, rmSync, symlinkSync, writeFileSync } from 'node:fs'
import { tmpdir } from 'node:os'
import { join } from 'node:path'
import { Ajv } from 'ajv'
import { parseAllDocuments } from 'yaml'
import { sealedText } from '../../src/flows/gitops/seal-file.ts'
import { bootstrapManifests } from '../../src/manifests/index.ts'
import { config } from '../fixtures/cloud.ts'
import { vault } from '../fixtures/vault.ts'
import { everything, type Found, folder, objects } from '../manifests/gitops/folder.ts'
import { firstKey } from '../sealing/keys.ts'
import { requireProgram, run } from './foreign.ts'
import { goModule } from './go-module.ts'

const root = join(import.meta.dirname, '..', '..')

/** Packages of models by API group; everything else is Kubernetes' own. */
const companions: Record<string, string> = {
  'argoproj.io': '@kubernetes-models/argo-cd',
  'traefik.io': '@kubernetes-models/traefik',
  'monitoring.coreos.com': '@kubernetes-models/prometheus-operator',
  'bitnami.com': '@kubernetes-models/sealed-secrets',
}

/** Kinds without a model: their CRDs come from the source of their controllers. */
const byCrd = ['HelmChart', 'HelmChartConfig', 'ImageUpdater', 'Kustomization']

async function everyObject(): Promise<Found[]> {
  const { git, sealing, argocd } = vault()
  const bootstrap = bootstrapManifests({
    config: config(everything),
    repository: git ?? null,
    sealingKeys: sealing.keys,
    argocdAdminPasswordHash: argocd.adminPasswordHash,
  }).flatMap(file => parseAllDocuments(file.content).map(document => document.toJS()))
  const key = await firstKey()
  const sealed = await Promise.all(
    folder().flatMap(file => (file.secret === undefined ? [] : [sealedText(file.secret, 'x', key)])),
  )
  const opened = sealed.flatMap(text => parseAllDocuments(text).map(document => document.toJS()))
  return [...bootstrap, ...objects().map(each => each.object), ...opened]
}

function modelOf({ apiVersion, kind }: Found): string {
  const group = apiVersion.includes('/') ? apiVersion.split('/')[0] : ''
  return `${companions[group] ?? 'kubernetes-models'}/${apiVersion}/${kind}`
}

describe('every object, bootstrap and Git', function () {
  this.timeout(180_000)
  let all: Found[]
  let modelled: Found[]
  before(async () => {
    all = await everyObject()
    modelled = all.filter(each => !byCrd.includes(each.kind))
    assert.ok(modelled.length > 25)
  })

  it('has the fields and types of its kind', async () => {
    for (const object of modelled) {
      const module = await import(modelOf(object))
      new module[object.kind](object).validate()
    }
  })

  it('is found out by the models when a field has the wrong type', async () => {
    const storage = modelled.find(each => each.kind === 'StorageClass')
    const { StorageClass } = await import('kubernetes-models/storage.k8s.io/v1/StorageClass')
    assert.throws(() => new StorageClass({ ...storage, provisioner: 7 as unknown as string }).validate())
  })

  it('has no key that its kind does not know: the compiler holds it against the types of the models', () => {
    assert.equal(compile(modelled), '')
  })

  it('is found out by the compiler when a key is misspelt, however deep', () => {
    const set = structuredClone(modelled.find(each => each.kind === 'StatefulSet'))
    set.spec.template.spec.containers[0].readinesProbe = {}
    const application = structuredClone(modelled.find(each => each.kind === 'Application'))
    application.spec.syncPolicy.automated.selfheal = true
    assert.match(compile([set]), /readinesProbe/)
    assert.match(compile([application]), /selfheal/)
  })

  for (const [kind, module, version, path] of [
    [
      'HelmChart',
      'github.com/k3s-io/helm-controller',
      'v0.17.9',
      'pkg/crds/yaml/generated/helm.cattle.io_helmcharts.yaml',
    ],
    [
      'HelmChartConfig',
      'github.com/k3s-io/helm-controller',
      'v0.17.9',
      'pkg/crds/yaml/generated/helm.cattle.io_helmchartconfigs.yaml',
    ],
    [
      'ImageUpdater',
      'github.com/argoproj-labs/argocd-image-updater',
      'v1.3.0',
      'config/crd/bases/argocd-image-updater.argoproj.io_imageupdaters.yaml',
    ],
    [
      'SealedSecret',
      'github.com/bitnami-labs/sealed-secrets',
      'v0.36.6',
      'helm/sealed-secrets/crds/bitnami.com_sealedsecrets.yaml',
    ],
  ] as const) {
    it(`is as the CRD of ${module} ${version} says, with no key beside: ${kind}`, function () {
      requireProgram(this, 'go', 'https://go.dev/dl')
      const crd: Found = parseAllDocuments(
        readFileSync(join(goModule(module, version), path), 'utf8'),
      )[0]?.toJS()
      const found = all.filter(each => each.kind === kind)
      assert.ok(found.length > 0)
      for (const object of found) assert.deepEqual(flaws(crd, object), [])
      assert.notDeepEqual(flaws(crd, { ...found[0], spec: { ...found[0].spec, unheardOf: 1 } }), [])
    })
  }
})

/** Type errors of the objects as literals, which TypeScript checks for excess keys. */
function compile(list: readonly Found[]): string {
  const dir = mkdtempSync(join(tmpdir(), 'cosmos-types-'))
  try {
    symlinkSync(join(root, 'node_modules'), join(dir, 'node_modules'))
    const lines = list.map((object, index) => {
      const type = `import('${modelOf(object)}').I${object.kind}`
      return `export const o${index}: ${type} = ${JSON.stringify(object, null, 1)}`
    })
    writeFileSync(join(dir, 'objects.ts'), lines.join('\n'))
    writeFileSync(join(dir, 'package.json'), '{"type":"module"}')
    const options = ['--noEmit', '--strict', '--skipLibCheck', '--module', 'nodenext', '--types', '']
    const tsc = join(root, 'node_modules', '.bin', 'tsc')
    return run(tsc, [...options, 'objects.ts'], { cwd: dir }).stdout
  } finally {
    rmSync(dir, { recursive: true })
  }
}

/** What the schema of a CRD says against an object, with unknown keys refused where the API server would drop them. */
function flaws(crd: Found, object: Found): string[] {
  const version = object.apiVersion.split('/')[1]
  const schema = crd.spec.versions.find((each: Found) => each.name === version)?.schema.openAPIV3Schema
  const validate = new Ajv({ strict: false, allErrors: true, validateFormats: false }).compile(closed(schema))
  validate({ ...object, metadata: {} })
  return (validate.errors ?? []).map(each => `${each.instancePath} ${each.message}`)
}

function closed(schema: Found): Found {
  if (Array.isArray(schema)) return schema.map(closed)
  if (typeof schema !== 'object' || schema === null) return schema
  const inner = Object.fromEntries(Object.entries(schema).map(([key, value]) => [key, closed(value)]))
  const open =
    schema['x-kubernetes-preserve-unknown-fields'] === true || schema.additionalProperties !== undefined
  return schema.type === 'object' && schema.properties !== undefined && !open
    ? { ...inner, additionalProperties: false }
    : inner
}

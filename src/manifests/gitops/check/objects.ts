import { error, type Problem, warning } from './problem.ts'
import { at, list, type Placed, text } from './read.ts'

/** What is wrong with an object by itself. Source: facts/kubernetes.md D.2, E, G. */
export function objectProblems(objects: readonly Placed[]): Problem[] {
  return objects.flatMap(placed => {
    const rule = rules[placed.kind]
    return rule === undefined ? [] : rule(placed)
  })
}

const rules: Record<string, (placed: Placed) => Problem[]> = {
  Secret: ({ path, name }) => [
    error(
      path,
      `Secret ${name} is not sealed, and this is Git: cosmos seal ${path} --in-place; then change the secret itself`,
    ),
  ],
  SealedSecret: sealedSecret,
  StorageClass: storageClass,
  PersistentVolume: persistentVolume,
  PersistentVolumeClaim: ({ path, name, object }) => claim(path, name, object),
  StatefulSet: ({ path, name, object }) =>
    list(at(object, 'spec', 'volumeClaimTemplates')).flatMap(template => claim(path, name, template)),
}

function sealedSecret({ path, name, namespace, object }: Placed): Problem[] {
  const problems: Problem[] = []
  const annotations = at(object, 'metadata', 'annotations')
  if (namespace === '' && at(annotations, 'sealedsecrets.bitnami.com/cluster-wide') !== 'true')
    problems.push(error(path, `SealedSecret ${name} has no namespace, so it opens nowhere`))
  const entries = Object.entries((at(object, 'spec', 'encryptedData') as object | undefined) ?? {})
  if (entries.length === 0) problems.push(error(path, `SealedSecret ${name} has no spec.encryptedData`))
  for (const [key, value] of entries) {
    if (!/^[A-Za-z0-9+/]{300,}={0,2}$/.test(text(value)))
      problems.push(error(path, `SealedSecret ${name}: ${key} is no sealed value`))
  }
  return problems
}

function storageClass({ path, name, object }: Placed): Problem[] {
  if (object.provisioner !== 'rancher.io/local-path') return []
  const problems: Problem[] = []
  const pattern = at(object, 'parameters', 'pathPattern')
  if (name === 'local-path')
    problems.push(error(path, 'StorageClass local-path belongs to K3s, which rewrites it at every start'))
  if (pattern === undefined)
    problems.push(
      warning(path, `StorageClass ${name} has no pathPattern: a rebuilt cluster does not find its data`),
    )
  else if (!text(pattern).endsWith('/'))
    problems.push(error(path, `StorageClass ${name}: pathPattern must end in "/", or nothing is provisioned`))
  if (object.reclaimPolicy !== 'Retain')
    problems.push(
      warning(path, `StorageClass ${name}: without reclaimPolicy Retain a deleted claim deletes its data`),
    )
  return problems
}

function persistentVolume({ path, name, object }: Placed): Problem[] {
  const problems: Problem[] = []
  if (at(object, 'spec', 'persistentVolumeReclaimPolicy') !== 'Retain')
    problems.push(error(path, `PersistentVolume ${name} must have persistentVolumeReclaimPolicy: Retain`))
  const folder = text(at(object, 'spec', 'hostPath', 'path')) || text(at(object, 'spec', 'local', 'path'))
  if (folder !== '' && folder !== '/data' && !folder.startsWith('/data/'))
    problems.push(
      error(
        path,
        `PersistentVolume ${name} lies in ${folder}, which goes with the server; use a folder below /data`,
      ),
    )
  return problems
}

function claim(path: string, name: string, object: unknown): Problem[] {
  return at(object, 'spec', 'storageClassName') === 'local-path'
    ? [
        warning(
          path,
          `${name}: a claim of class local-path gets a new, empty folder after every swap; use cosmos-data`,
        ),
      ]
    : []
}

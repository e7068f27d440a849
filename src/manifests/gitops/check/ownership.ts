import { parseDocument } from 'yaml'
import { sourcesOf } from './applications.ts'
import { error, type Problem, warning } from './problem.ts'
import { at, type FolderFile, isKustomization, isYaml, list, type Placed, text } from './read.ts'

export type Folder = {
  /** Path of the App-of-Apps folder from the root of the repository. */
  path: string
  url: string
  files: readonly FolderFile[]
  /** Names of files directly in a folder of the repository outside this one; undefined when there is no such folder. */
  filesIn: (repositoryPath: string) => string[] | undefined
}

/** Whether each Application leads to something, and no object belongs to two of them. */
export function ownershipProblems(
  folder: Folder,
  applications: readonly Placed[],
  objects: readonly Placed[],
): Problem[] {
  const direct = objects.filter(each => !each.path.includes('/'))
  const owners = new Map<string, string>(direct.map(each => [idOf(each), 'root']))
  const problems: Problem[] = []
  const used = new Set<string>()
  for (const application of applications) {
    for (const path of localPaths(folder, application)) {
      const inside = below(folder.path, path)
      const names = inside === undefined ? folder.filesIn(path) : namesIn(folder.files, inside)
      if (names === undefined || names.length === 0) {
        problems.push(
          error(application.path, `${application.name}: there is no folder ${path} in the repository`),
        )
        continue
      }
      if (inside === undefined) continue
      const files = filesOf(folder.files, inside)
      problems.push(
        ...files.missing.map(name =>
          error(`${inside}/kustomization.yaml`, `names ${name}, which is not there`),
        ),
        ...files.unlisted.map(name =>
          warning(`${inside}/${name}`, 'is not listed in kustomization.yaml, so it is not applied'),
        ),
      )
      for (const placed of objects.filter(each => files.used.includes(each.path))) {
        used.add(placed.path)
        const namespace = placed.namespace || text(at(application.object, 'spec', 'destination', 'namespace'))
        const id = idOf({ ...placed, namespace })
        const owner = owners.get(id)
        if (owner !== undefined && owner !== application.name)
          problems.push(
            error(
              placed.path,
              `${placed.kind} ${placed.name} belongs to ${owner} and to ${application.name}: they would undo each other for ever`,
            ),
          )
        owners.set(id, application.name)
      }
    }
  }
  return [...problems, ...twice(applications), ...orphans(objects, used)]
}

function twice(applications: readonly Placed[]): Problem[] {
  return applications.flatMap((each, index) =>
    applications.findIndex(other => other.name === each.name) === index
      ? []
      : [error(each.path, `there are two Applications called ${each.name}`)],
  )
}

function orphans(objects: readonly Placed[], used: ReadonlySet<string>): Problem[] {
  const paths = new Set(
    objects.filter(each => each.path.includes('/') && !used.has(each.path)).map(each => each.path),
  )
  return [...paths].map(path => warning(path, 'belongs to no Application, so it is not applied'))
}

function localPaths({ url }: Folder, application: Placed): string[] {
  return sourcesOf(application).flatMap(source => {
    const path = at(source, 'path')
    return typeof path === 'string' && sameRepository(text(at(source, 'repoURL')), url) ? [path] : []
  })
}

/** As Argo CD compares them: without case, `.git` and slash at the end. */
export function sameRepository(a: string, b: string): boolean {
  const plain = (url: string) =>
    url
      .toLowerCase()
      .replace(/\/+$/, '')
      .replace(/\.git$/, '')
  return plain(a) === plain(b)
}

/** `cosmos/argocd/apps/web` below `cosmos/argocd/apps` is `web`. */
function below(parent: string, path: string): string | undefined {
  const clean = (one: string) => one.split('/').filter(part => part !== '' && part !== '.')
  const [outer, inner] = [clean(parent), clean(path)]
  return outer.every((part, index) => inner[index] === part) && inner.length > outer.length
    ? inner.slice(outer.length).join('/')
    : undefined
}

function namesIn(files: readonly FolderFile[], dir: string): string[] {
  return files.flatMap(({ path }) => {
    const name = path.startsWith(`${dir}/`) ? path.slice(dir.length + 1) : ''
    return name === '' || name.includes('/') ? [] : [name]
  })
}

/** Files of a folder that Argo CD applies: those that the kustomization names, else all YAML directly in it. */
function filesOf(
  files: readonly FolderFile[],
  dir: string,
): { used: string[]; missing: string[]; unlisted: string[] } {
  const names = namesIn(files, dir)
  const found = files.find(
    ({ path }) =>
      path.startsWith(`${dir}/`) && isKustomization(path) && !path.slice(dir.length + 1).includes('/'),
  )
  const yaml = names.filter(name => isYaml(name) && !isKustomization(name))
  if (found === undefined) return { used: yaml.map(name => `${dir}/${name}`), missing: [], unlisted: [] }
  const kustomization: unknown = parseDocument(found.text, { logLevel: 'silent' }).toJS()
  const resources = list(at(kustomization, 'resources'))
    .map(String)
    .filter(each => !/^[a-z]+:\/\//.test(each))
  const mentioned = JSON.stringify(kustomization)
  const isFolderOf = (name: string) =>
    files.some(({ path }) => path.startsWith(`${dir}/${name.replace(/\/$/, '')}/`))
  return {
    used: resources.filter(name => names.includes(name)).map(name => `${dir}/${name}`),
    missing: resources.filter(name => !name.startsWith('..') && !names.includes(name) && !isFolderOf(name)),
    unlisted: yaml.filter(name => !mentioned.includes(name)),
  }
}

function idOf({ kind, name, namespace, object }: Placed): string {
  const group = text(object.apiVersion).split('/').at(-2) ?? ''
  return `${group}/${kind} ${namespace}/${name}`
}

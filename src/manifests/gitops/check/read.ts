import { parseAllDocuments } from 'yaml'
import { error, type Problem } from './problem.ts'

export type Json = Record<string, unknown>

/** A file of the folder as it lies there. */
export type FolderFile = { path: string; text: string }

/** An object and where it stands. */
export type Placed = { path: string; object: Json; kind: string; name: string; namespace: string }

/**
 * All objects of the files, in order. Messages name places, never contents.
 * @returns what could be read, and what could not
 */
export function readObjects(files: readonly FolderFile[]): { objects: Placed[]; problems: Problem[] } {
  const objects: Placed[] = []
  const problems: Problem[] = []
  for (const { path, text } of files) {
    for (const document of parseAllDocuments(text, { logLevel: 'silent' })) {
      const [broken] = document.errors
      if (broken !== undefined) {
        const line = broken.linePos?.[0].line
        problems.push(
          error(path, `broken YAML${line === undefined ? '' : ` in line ${line}`}: ${said(broken.code)}`),
        )
        continue
      }
      const value: unknown = document.toJS({ maxAliasCount: 20 })
      if (value === null || value === undefined) continue
      if (isKustomization(path)) continue
      const placed = place(path, value)
      if (placed === undefined)
        problems.push(error(path, 'not a Kubernetes object: it needs apiVersion, kind and metadata.name'))
      else objects.push(placed)
    }
  }
  return { objects, problems }
}

export function isKustomization(path: string): boolean {
  return /(^|\/)kustomization\.ya?ml$/i.test(path)
}

export function isYaml(path: string): boolean {
  return /\.(ya?ml|json)$/i.test(path)
}

/** The value at a path of keys, or undefined. */
export function at(value: unknown, ...path: (string | number)[]): unknown {
  return path.reduce<unknown>(
    (found, key) => (isMap(found) || Array.isArray(found) ? (found as Json)[key] : undefined),
    value,
  )
}

export function isMap(value: unknown): value is Json {
  return typeof value === 'object' && value !== null && !Array.isArray(value)
}

export function text(value: unknown): string {
  return typeof value === 'string' ? value : ''
}

export function list(value: unknown): unknown[] {
  return Array.isArray(value) ? value : []
}

function place(path: string, object: unknown): Placed | undefined {
  const [kind, name] = [text(at(object, 'kind')), text(at(object, 'metadata', 'name'))]
  if (!isMap(object) || text(object.apiVersion) === '' || kind === '' || name === '') return undefined
  return { path, object, kind, name, namespace: text(at(object, 'metadata', 'namespace')) }
}

function said(code: string): string {
  return code === 'DUPLICATE_KEY' ? 'the same key twice' : code.toLowerCase().replaceAll('_', ' ')
}

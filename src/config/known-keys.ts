import { jsonSchema, type SchemaNode } from './json-schema.ts'

/** The keys that the schema knows in the map at a path. */
export function knownKeys(path: readonly PropertyKey[]): string[] {
  let node: SchemaNode | undefined = jsonSchema()
  for (const key of path) node = typeof key === 'number' ? node?.items : node?.properties?.[String(key)]
  return Object.keys(node?.properties ?? {})
}

/** The full name of a key that the schema knows in another place: `server.types` for `types`. */
export function placeOfKey(key: string): string | undefined {
  return search(jsonSchema(), key, [])
}

function search(node: SchemaNode, key: string, path: string[]): string | undefined {
  for (const [name, child] of Object.entries(node.properties ?? {})) {
    if (name === key) return [...path, name].join('.')
    const found = search(child, key, [...path, name])
    if (found !== undefined) return found
  }
  return undefined
}

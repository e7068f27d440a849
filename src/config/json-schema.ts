import { mkdir, writeFile } from 'node:fs/promises'
import { join } from 'node:path'
import { z } from 'zod'
import { configSchema } from './schema.ts'

/** What of a JSON Schema is read here. */
export type SchemaNode = {
  properties?: Record<string, SchemaNode>
  items?: SchemaNode
  description?: string
  [keyword: string]: unknown
}

/** JSON Schema (draft 2020-12) of `cosmos.yaml` as people write it: keys with a default may be left out. */
export function jsonSchema(): SchemaNode {
  const { $schema, ...rest } = z.toJSONSchema(configSchema, { io: 'input' })
  return {
    $schema,
    title: 'cosmos.yaml',
    description: 'One K3s and Argo CD machine on Hetzner Cloud.',
    ...rest,
  } as SchemaNode
}

/** The text of `schema/cosmos.schema.json`. */
export function jsonSchemaText(): string {
  return `${JSON.stringify(jsonSchema(), null, 2)}\n`
}

/** Where the first line of `cosmos.yaml` tells editors to look, seen from the project. */
export const schemaPath = '.cosmos/cosmos.schema.json'

/** Puts the schema of this very version where editors look for it. @param projectDir folder of `cosmos.yaml` */
export async function installSchema(projectDir: string): Promise<void> {
  await mkdir(join(projectDir, '.cosmos'), { recursive: true, mode: 0o700 })
  await writeFile(join(projectDir, schemaPath), jsonSchemaText())
}

import type { Document, Scalar, YAMLMap } from 'yaml'
import type { ConfigInput } from './schema.ts'

/**
 * The text of a `cosmos.yaml`: schema line for editors, every key with a comment that says what it is,
 * defaults spelled out, so that a newer cosmos does not change the machine by itself.
 * @throws ZodError when the input is not valid: check answers before.
 */
export async function renderConfig(input: ConfigInput): Promise<string> {
  const [{ Document, isMap, isScalar }, { configSchema }, { jsonSchema, schemaPath }] = await Promise.all([
    import('yaml'),
    import('./schema.ts'),
    import('./json-schema.ts'),
  ])
  const document = new Document(configSchema.parse(input))
  comment(document.contents, jsonSchema())
  if (isMap(document.contents)) {
    for (const { key } of document.contents.items) if (isScalar(key)) key.spaceBefore = true
  }
  return `# yaml-language-server: $schema=${schemaPath}\n${document.toString({ lineWidth: 0 })}`

  function comment(node: Document['contents'] | unknown, schema: ReturnType<typeof jsonSchema>): void {
    if (!isMap(node)) return
    for (const { key, value } of (node as YAMLMap<Scalar<string>>).items) {
      const child = schema.properties?.[key.value]
      if (isScalar(key) && child?.description !== undefined) key.commentBefore = ` ${child.description}`
      if (child !== undefined) comment(value, child)
    }
  }
}

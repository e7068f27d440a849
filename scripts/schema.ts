/** Writes `schema/cosmos.schema.json` from the schema in `src/config/schema.ts`. Run it after changing that. */
import { mkdirSync, writeFileSync } from 'node:fs'
import { jsonSchemaText } from '../src/config/json-schema.ts'

const folder = new URL('../schema/', import.meta.url)
mkdirSync(folder, { recursive: true })
writeFileSync(new URL('cosmos.schema.json', folder), jsonSchemaText())

export { configFileName, findConfig } from './find.ts'
export { configFingerprint } from './fingerprint.ts'
export { loadConfig } from './load.ts'
export { parseConfig } from './parse.ts'
export { renderConfig } from './render.ts'
export type { Config, ConfigInput } from './schema.ts'

/** Puts the JSON Schema where the first line of `cosmos.yaml` points. @param projectDir folder of `cosmos.yaml` */
export async function installSchema(projectDir: string): Promise<void> {
  const schema = await import('./json-schema.ts')
  return schema.installSchema(projectDir)
}

/** The schema itself, to check single answers by. */
export async function loadConfigSchema(): Promise<typeof import('./schema.ts').configSchema> {
  const { configSchema } = await import('./schema.ts')
  return configSchema
}

export { bootstrapManifests } from './bootstrap.ts'
export type { ManifestFile, ManifestInput } from './input.ts'
export { sealingKeySecrets } from './sealing-keys.ts'

export { bootstrapManifests } from './bootstrap.ts'
export {
  type AppsFile,
  type AppsInput,
  appsFolder,
  ownApplications,
  type PlainSecret,
  updateStrategies,
  withComment,
} from './gitops/index.ts'
export type { ManifestFile, ManifestInput } from './input.ts'
export { sealingKeySecrets } from './sealing-keys.ts'

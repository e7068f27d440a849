export { bootstrapManifests } from './bootstrap.ts'
export {
  type AppsFile,
  type AppsInput,
  appsFolder,
  checkAppsFolder,
  type Folder,
  type FolderFile,
  ownApplications,
  type PlainSecret,
  type Problem,
  updateStrategies,
  withComment,
} from './gitops/index.ts'
export type { ManifestFile, ManifestInput } from './input.ts'
export { sealingKeySecrets } from './sealing-keys.ts'

export { type AppsInput, appsFolder, ownApplications } from './apps-folder.ts'
export type { AppsFile, PlainSecret } from './files.ts'
export { withComment } from './files.ts'
export { updateStrategies } from './image-updater.ts'

export { type ApplicationState, type Cluster, clusterProbe, parseClusterProbe } from './cluster-probe.ts'
export { type FirstBoot, firstBootProbe, parseFirstBootProbe } from './first-boot-probe.ts'
export { growFileSystem } from './grow.ts'
export { mountOptions, paths, volumeDevice } from './paths.ts'
export { firstBootLog, k3sLog, type LogOptions, readKubeconfig } from './read.ts'
export {
  drainStep,
  isReleased,
  isRestored,
  type ReleaseInput,
  releaseScript,
  restoreScript,
  wasReleasedBy,
} from './release.ts'
export { type FirstBootInput, firstBootScript } from './scripts/first-boot.ts'
export { type NodeScriptInput, nodeScript } from './scripts/node.ts'
export type { SecretManifest } from './scripts/shred.ts'
export { shellQuote } from './shell-quote.ts'
export { parseWholeness, wholenessProbe } from './wholeness-probe.ts'

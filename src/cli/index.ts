export type { Cli, LabMode } from './cli.ts'
export { CosmosCommand } from './command.ts'

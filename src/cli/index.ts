export { asTyped } from './as-typed.ts'
export type { Cli, LabMode } from './cli.ts'
export { CosmosCommand } from './command.ts'

import { dirname, join } from 'node:path'

/** Folder of the lab that belongs to a project, or to the folder one stands in; `COSMOS_LAB_DIR` names another. */
export function labDir(cli: { cwd: string; env: NodeJS.ProcessEnv }, configPath?: string): string {
  return (
    cli.env.COSMOS_LAB_DIR ?? join(configPath === undefined ? cli.cwd : dirname(configPath), '.cosmos', 'lab')
  )
}

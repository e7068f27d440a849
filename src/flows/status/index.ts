import { asTyped, type Cli } from '../../cli/index.ts'
import type { Project } from '../project.ts'
import { lookAtStatus, type Status } from './look.ts'
import { renderStatus } from './render.ts'

/** Looks and prints. Changes nothing, takes no lock. */
export async function showStatus(cli: Cli, project: Project): Promise<Status> {
  const status = await lookAtStatus(project, await project.readState(), cli)
  cli.out(asTyped(renderStatus(status), cli))
  return status
}

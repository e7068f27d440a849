import { rm } from 'node:fs/promises'
import { join } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { agree } from '../agree.ts'
import { labFolder } from './folder.ts'

/**
 * `cosmos lab reset`: an empty lab, running or stopped as it was, with the same tokens. The rehearsal's project goes too:
 * its state and keys are about machines that are gone.
 * @throws RefusedError `lab-reset-unconfirmed`
 */
export async function resetTheLab(cli: Cli): Promise<Record<string, unknown>> {
  const { labStatus, resetLab } = await import('../../lab/index.ts')
  const dir = await labFolder(cli)
  const lab = await labStatus(dir)
  if (lab === undefined) {
    cli.out(`There is no lab in ${dir}.`)
    return { dir, changed: false }
  }
  await agree(cli, `Delete every server, volume and address of the lab in ${dir}?`, {
    code: 'lab-reset-unconfirmed',
    hint: 'In a script: cosmos lab reset --yes',
  })
  await resetLab(dir)
  await rm(join(dir, 'project'), { recursive: true, force: true })
  cli.out(`The lab in ${dir} is empty and ${lab.running ? 'runs' : 'stopped'}.`)
  return { dir, running: lab.running, changed: true }
}

import type { Cli } from '../../cli/index.ts'
import { labFolder } from './folder.ts'

/** `cosmos lab stop`: ends the process and keeps everything, as a computer that is switched off. */
export async function stopTheLab(cli: Cli): Promise<Record<string, unknown>> {
  const { labStatus, stopLab } = await import('../../lab/index.ts')
  const dir = await labFolder(cli)
  const runs = (await labStatus(dir))?.running === true
  if (runs) await stopLab(dir)
  cli.out(runs ? `The lab in ${dir} is stopped. What is in it is kept.` : `No lab runs in ${dir}.`)
  return { dir, changed: runs }
}

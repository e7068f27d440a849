import type { Cli } from '../../cli/index.ts'
import { environmentLines } from './environment.ts'
import { labFolder } from './folder.ts'

export type LabStartFlags = { speed: number | undefined; port: number | undefined; seed: number | undefined }

/**
 * `cosmos lab start`: a Hetzner Cloud in the background, with what it had when it was stopped. One that runs already is given
 * the speed; port and seed are those of its start.
 */
export async function startTheLab(cli: Cli, flags: LabStartFlags): Promise<Record<string, unknown>> {
  const { askLab, labStatus, startLab } = await import('../../lab/index.ts')
  const dir = await labFolder(cli)
  const ranBefore = (await labStatus(dir))?.running === true
  const { speed, port, seed } = flags
  const lab = await startLab({
    dir,
    signal: cli.signal,
    ...(speed !== undefined && { speed }),
    ...(port !== undefined && { port }),
    ...(seed !== undefined && { seed }),
  })
  const turns = speed !== undefined && speed !== lab.speed
  if (turns) await askLab(lab, 'POST', '/clock', { speed })
  const speedNow = speed ?? lab.speed
  cli.out(`The lab in ${dir} runs${ranBefore ? ' already; it is' : ''} at speed ${speedNow}.`)
  if (ranBefore && ((port && port !== Number(new URL(lab.endpoint).port)) || seed !== undefined))
    cli.note('Another port or seed needs a new start: cosmos lab stop, then this again.')
  cli.out()
  cli.out('For programs that know Hetzner Cloud, such as hcloud:')
  for (const line of environmentLines(lab)) cli.out(`  ${line}`)
  const { endpoint, pid, startedAt } = lab
  return { dir, endpoint, pid, speed: speedNow, startedAt, changed: !ranBefore || turns }
}

import type { Cli } from '../../cli/index.ts'
import { environmentLines } from './environment.ts'
import { labFolder } from './folder.ts'

export type LabStartFlags = { speed: number | undefined; port: number | undefined; seed: number | undefined }

/**
 * `cosmos lab start`: a Hetzner Cloud in the background, with what it had when it was stopped. Says when it runs already:
 * speed, port and seed are those of its start, so other ones need a stop first.
 */
export async function startTheLab(cli: Cli, flags: LabStartFlags): Promise<Record<string, unknown>> {
  const { labStatus, startLab } = await import('../../lab/index.ts')
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
  cli.out(
    ranBefore
      ? `The lab in ${dir} runs already, at speed ${lab.speed}.`
      : `The lab in ${dir} runs at speed ${lab.speed}.`,
  )
  const other = ranBefore && speed !== undefined && speed !== lab.speed
  if (other) cli.note('For another speed: cosmos lab stop, then start it again.')
  cli.out()
  cli.out('For programs that know Hetzner Cloud, such as hcloud:')
  for (const line of environmentLines(lab)) cli.out(`  ${line}`)
  const { endpoint, pid, startedAt } = lab
  return { dir, endpoint, pid, speed: lab.speed, startedAt, changed: !ranBefore }
}

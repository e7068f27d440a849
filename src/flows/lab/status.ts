import type { Cli } from '../../cli/index.ts'
import type { LabStatus } from '../../lab/index.ts'
import { environmentLines } from './environment.ts'
import { labFolder } from './folder.ts'

/** `cosmos lab status`: whether it runs, where it answers, what is in it. The result for `--json` leaves the tokens out. */
export async function showLab(cli: Cli): Promise<Record<string, unknown>> {
  const { labStatus } = await import('../../lab/index.ts')
  const dir = await labFolder(cli)
  const lab = await labStatus(dir)
  if (lab === undefined) {
    cli.out(`There is no lab in ${dir}. Start one with: cosmos lab start`)
    return { dir, exists: false, running: false }
  }
  for (const line of standing(dir, lab)) cli.out(line)
  const { token: _, readonlyToken: __, ...known } = lab
  return { dir, exists: true, ...known }
}

function standing(dir: string, lab: LabStatus): string[] {
  if (!lab.running)
    return [`The lab in ${dir} is stopped; what is in it is kept. Start it with: cosmos lab start`]
  const { servers = 0, volumes = 0, primaryIps = 0, firewalls = 0, snapshots = 0, faults = 0 } = lab
  return [
    `The lab in ${dir} runs since ${lab.startedAt}, as process ${lab.pid}.`,
    '',
    `Speed      ${lab.speed} lab seconds a second; it is ${lab.now ?? 'unknown'} there`,
    `Servers    ${servers}`,
    `Volumes    ${volumes}`,
    `Addresses  ${primaryIps}`,
    `Firewalls  ${firewalls}`,
    ...(snapshots > 0 ? [`Snapshots  ${snapshots}`] : []),
    ...(faults > 0 ? [`Faults     ${faults} waiting to strike`] : []),
    '',
    ...environmentLines(lab),
  ]
}

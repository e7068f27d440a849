import type { Cli } from '../../cli/index.ts'
import { agree } from '../agree.ts'
import { labFolder } from './folder.ts'

/**
 * `cosmos lab restore [NAME]`: the whole lab as it was when the snapshot was made; without a name, the names there are.
 * The rehearsal's own state is not part of it: "cosmos status --lab" sees what came back.
 * @throws RefusedError `lab-restore-unconfirmed`; CosmosError `lab-snapshot-unknown`
 */
export async function restoreTheLab(cli: Cli, name: string | undefined): Promise<Record<string, unknown>> {
  const { listSnapshots, restoreLab } = await import('../../lab/index.ts')
  const dir = await labFolder(cli)
  const names = await listSnapshots(dir)
  if (name === undefined) {
    for (const one of names) cli.out(one)
    if (names.length === 0) cli.out('There is no snapshot of this lab. Make one: cosmos lab snapshot NAME')
    return { dir, snapshots: names, changed: false }
  }
  if (names.includes(name))
    await agree(cli, `Put the lab in ${dir} back to "${name}"? What came after is lost.`, {
      code: 'lab-restore-unconfirmed',
      hint: `In a script: cosmos lab restore ${name} --yes`,
    })
  await restoreLab(dir, name)
  cli.out(`The lab in ${dir} is as it was at "${name}".`)
  return { dir, name, changed: true }
}

import { basename, dirname, join, relative, resolve } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { configFileName } from '../../config/index.ts'
import { RefusedError, UsageError } from '../../errors.ts'
import { missingAppsFolder } from './apps-folder.ts'
import { mayAsk } from './ask.ts'
import { type Cloud, lookAtCloud } from './cloud.ts'
import { createProject, projectFiles, refuseExisting } from './create-project.ts'
import type { InitFlags } from './flags.ts'
import { type Gathered, gather } from './gather.ts'
import { type InitResult, nextSteps } from './next-steps.ts'
import { ensureLoginKey } from './ssh-login-key.ts'

export type { ProjectAnswers } from './answers.ts'
export { type CreatedProject, type CreateOptions, createProject } from './create-project.ts'
export type { InitFlags } from './flags.ts'
export type { InitResult } from './next-steps.ts'
export { newSecrets } from './secrets.ts'
export { ensureLoginKey, type LoginKey } from './ssh-login-key.ts'

/** From nothing to a project: look at the cloud, ask, show what it costs, write, say what to type next. */
export async function init(cli: Cli, flags: InitFlags): Promise<InitResult> {
  if (cli.lab !== 'off') {
    throw new UsageError('The lab needs no init.', {
      code: 'init-lab',
      hint: 'It makes a throw-away project by itself: cosmos up --lab',
    })
  }
  const configPath = resolve(cli.cwd, cli.config ?? configFileName)
  const [dir, configName] = [dirname(configPath), basename(configPath)]
  if (!flags.force) await refuseExisting(Object.values(projectFiles(dir, configName)))
  const cloud = await lookAtCloud(cli, flags['token-env'], join(dir, '.cosmos'))
  const { answers, costs } = await gather(cli, flags, cloud, dir)
  showCosts(cli, costs, cloud)
  await agreed(cli)
  const ssh = await ensureLoginKey(flags['ssh-key'] ?? '~/.ssh/id_ed25519', {
    cwd: cli.cwd,
    home: cli.env.HOME,
  })
  cli.note('Generating keys …')
  const { force } = flags
  const project = { ...answers, ssh: { publicKey: ssh.publicKey, privateKey: ssh.privateKey } }
  const appsFolder = await missingAppsFolder(cli, answers.git, 'cosmos/argocd/apps')
  const { files, kept } = await createProject(project, {
    appsFolder,
    dir,
    configName,
    now: new Date(),
    force,
    signal: cli.signal,
  })
  const result: InitResult = {
    ...{ name: answers.name, files: files.map(file => relative(cli.cwd, file)), kept },
    sshKey: { path: ssh.privateKey, created: ssh.created },
    tokenStored: answers.hetznerToken !== undefined,
    monthlyGross: Number(costs.total.toFixed(2)),
  }
  cli.out(nextSteps(result, { tokenMissing: !result.tokenStored && !cli.env.HCLOUD_TOKEN }))
  return result
}

function showCosts(cli: Cli, costs: Gathered['costs'], { prices }: Cloud): void {
  const amount = (gross: number) => `${prices.currency} ${gross.toFixed(2).padStart(7)}`
  cli.table([
    ['Per month, with VAT', ''],
    ...costs.lines.map(line => [line.what, amount(line.monthlyGross)]),
    ['Together', amount(costs.total)],
  ])
  cli.out('Nothing is ordered yet: that is what cosmos up does.')
}

async function agreed(cli: Cli): Promise<void> {
  if (!mayAsk(cli)) return
  const { confirm } = await import('../prompts.ts')
  if (await confirm('Write the project?', cli.signal, { default: true })) return
  throw new RefusedError('Nothing was written.', { code: 'not-confirmed', hint: 'Begin again: cosmos init' })
}

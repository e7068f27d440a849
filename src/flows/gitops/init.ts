import { relative } from 'node:path'
import type { Cli } from '../../cli/index.ts'
import { exitCodes, RefusedError, UsageError } from '../../errors.ts'
import { appsFolder, ownApplications } from '../../manifests/index.ts'
import { keyRing } from '../../sealing/index.ts'
import { mayAsk } from '../init/ask.ts'
import { sealingCertificate } from '../seal/certificate.ts'
import { openVault } from '../vault/open.ts'
import { configConcerns } from './concerns.ts'
import { folderFiles } from './folder-files.ts'
import { type GitopsHome, gitopsHome } from './home.ts'
import { type FileChange, planFolder, type WantedFile } from './plan.ts'
import { changesByKind, showChanges, showDiffs } from './render.ts'
import { needsSecrets, withoutSecrets, withSecrets } from './secrets.ts'
import { sealedFiles } from './wanted.ts'
import { writeFolder } from './write.ts'
import { parseWritten, writtenFile } from './written.ts'

export type InitOptions = {
  plan: boolean
  /** Replace files that were edited, too; the difference is shown all the same. */
  overwrite: boolean
}

/** `cosmos gitops init`: the App-of-Apps folder, as cosmos.yaml says and without losing an edit. */
export async function initGitops(cli: Cli, options: InitOptions): Promise<Record<string, unknown>> {
  const home = await gitopsHome(cli)
  refuseNames(home)
  for (const concern of configConcerns(home.config)) cli.note(`Warning: ${concern}`)
  const existing = new Map(
    (await folderFiles(home.folder, cli.signal))?.map(({ path, text }): [string, string] => [path, text]),
  )
  const { wanted, generated, keepSecrets } = await wantedFiles(cli, home, existing)
  const written = parseWritten(existing.get(writtenFile))
  const changes = planFolder(wanted, existing, written)
  const folder = relative(cli.cwd, home.folder) || '.'
  const result = { folder, ...changesByKind(changes), generated, plan: options.plan }
  if (changes.length === 0) cli.out(`${folder} is as cosmos.yaml says.`)
  else showChanges(cli, changes)
  showDiffs(
    cli,
    changes.filter(change => change.kind === 'edited' || options.plan),
  )
  if (options.plan) {
    for (const name of generated) cli.note(`A password for ${name} would be made and kept in the vault.`)
    if (changes.length > 0) cli.exitWith(exitCodes.usage)
    return result
  }
  const taken = await chosen(cli, changes, options.overwrite)
  await keepSecrets()
  await writeFolder(home.folder, taken, wanted, { before: written, existing, signal: cli.signal })
  for (const name of generated) cli.note(`A password for ${name} is in the vault now: cosmos passwords`)
  if (taken.length > 0) cli.out(nextSteps(folder, generated.length > 0))
  return { ...result, written: taken.map(({ path }) => path) }
}

type Wanted = { wanted: WantedFile[]; generated: string[]; keepSecrets: () => Promise<void> }

async function wantedFiles(cli: Cli, { config }: GitopsHome, existing: Map<string, string>): Promise<Wanted> {
  if (!needsSecrets(config)) {
    const wanted = await sealedFiles(appsFolder(withoutSecrets(config)), existing, undefined)
    return { wanted, generated: [], keepSecrets: () => Promise.resolve() }
  }
  const certificate = await sealingCertificate(cli, undefined)
  const opened = await openVault(cli)
  const { input, vault, generated } = withSecrets(config, opened.contents)
  const ring = keyRing(vault.sealing.keys)
  if (ring[0]?.fingerprint !== certificate.fingerprint) {
    throw new UsageError('cosmos.sealing.crt is not the newest sealing key of the vault.', {
      code: 'certificate-mismatch',
      hint: 'Write it anew: cosmos key export -o cosmos.sealing.crt',
    })
  }
  return {
    wanted: await sealedFiles(appsFolder(input), existing, { certificate, ring }),
    generated,
    keepSecrets: () => (generated.length > 0 ? opened.save(vault) : Promise.resolve()),
  }
}

/** The changes to make: all that touch no edit, the edited ones that a person gives up, and removals that were agreed to. */
async function chosen(cli: Cli, changes: readonly FileChange[], overwrite: boolean): Promise<FileChange[]> {
  const taken: FileChange[] = changes.filter(({ kind }) => kind === 'create' || kind === 'update')
  const removed = changes.filter(({ kind }) => kind === 'remove')
  if (removed.length > 0) taken.push(...(await agreedRemovals(cli, removed)))
  for (const change of changes.filter(({ kind }) => kind === 'edited')) {
    if (overwrite || (mayAsk(cli) && (await asked(cli, `Replace ${change.path}, which you edited?`))))
      taken.push(change)
    else cli.note(`Kept as you edited it: ${change.path}. To replace it: cosmos gitops init --overwrite`)
  }
  return taken
}

async function agreedRemovals(cli: Cli, removed: readonly FileChange[]): Promise<readonly FileChange[]> {
  const names = removed.map(({ path }) => path).join(', ')
  if (cli.yes) return removed
  if (!cli.interactive) {
    throw new RefusedError(
      `Nothing was written: ${names} would be removed, and with them what runs from them.`,
      {
        code: 'not-confirmed',
        hint: 'If that is meant: cosmos gitops init --yes',
      },
    )
  }
  return (await asked(cli, `Remove ${names}? What runs from them goes with the next push.`)) ? removed : []
}

async function asked(cli: Cli, question: string): Promise<boolean> {
  const { confirm } = await import('../prompts.ts')
  return confirm(question, cli.signal)
}

/** An application of the user's must not have the name of one that cosmos writes. */
function refuseNames({ config }: GitopsHome): void {
  const names = config.apps.images.map(({ application }) => application)
  const taken = names.find(
    (name, index) => ownApplications.some(own => own === name) || names.indexOf(name) !== index,
  )
  if (taken === undefined) return
  throw new UsageError(`apps.images: the name ${taken} is taken.`, {
    code: 'gitops-name',
    hint: 'Give the application another name in cosmos.yaml.',
  })
}

function nextSteps(folder: string, vaultChanged: boolean): string {
  const paths = vaultChanged ? `${folder} cosmos.vault.age` : folder
  return [
    '',
    'Next:',
    '  cosmos gitops check',
    `  git add ${paths} && git commit -m "Declare what runs" && git push`,
  ].join('\n')
}

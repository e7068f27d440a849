import { stat } from 'node:fs/promises'
import { join } from 'node:path'
import { configFileName, installSchema, renderConfig } from '../../config/index.ts'
import { throwIfAborted } from '../../errors.ts'
import { encryptVault } from '../../vault/index.ts'
import type { ProjectAnswers } from './answers.ts'
import { configOf } from './config-of.ts'
import { extendedGitignore } from './gitignore.ts'
import { alreadyThere, installFiles, type NewFile } from './install-files.ts'
import { newSecrets } from './secrets.ts'

export type CreateOptions = {
  /** Folder of the project; made when it is not there. */
  dir: string
  now: Date
  /** Name of the declaration, `cosmos.yaml` unless said. */
  configName?: string | undefined
  /** Folder to make for the App-of-Apps, which Git keeps because of a file in it. */
  appsFolder?: string | undefined
  /** Keep what is in the way below `.cosmos/replaced-…` instead of refusing. */
  force?: boolean | undefined
  /** log2 of scrypt's work; the vault's own unless said. Low only for a vault that guards nothing. */
  workFactor?: number | undefined
  signal?: AbortSignal | undefined
}

export type CreatedProject = {
  /** Files written, in the order to show them. */
  files: string[]
  /** Where files that were replaced lie now. */
  kept: string[]
}

/** Files of a project, by what they are. */
export function projectFiles(dir: string, configName: string = configFileName) {
  return {
    config: join(dir, configName),
    vault: join(dir, 'cosmos.vault.age'),
    certificate: join(dir, 'cosmos.sealing.crt'),
  }
}

/**
 * Makes a project out of answers: generates its secrets and writes the declaration, the vault and the sealing certificate,
 * all of them or none. Asks nothing and calls no API.
 * @throws RefusedError `exists` when a file is in the way; known before anything is generated.
 */
export async function createProject(
  answers: ProjectAnswers,
  options: CreateOptions,
): Promise<CreatedProject> {
  const { dir, now, force = false, workFactor, signal } = options
  const paths = projectFiles(dir, options.configName)
  if (!force) await refuseExisting(Object.values(paths))
  const config = await renderConfig(configOf(answers))
  const { token, username = 'x-access-token' } = answers.git
  const secrets = await newSecrets({
    name: answers.name,
    now,
    hetznerToken: answers.hetznerToken,
    git: token === undefined ? undefined : { username, token },
  })
  const vault = await encryptVault(secrets, {
    ...answers.lock,
    ...(workFactor === undefined ? {} : { workFactor }),
  })
  throwIfAborted(signal)
  const [key] = secrets.sealing.keys
  // The declaration comes last: where it is, the rest is too.
  const files: NewFile[] = [
    ...(await gitignoreOf(dir)),
    ...(options.appsFolder === undefined
      ? []
      : [{ path: join(options.appsFolder, '.gitkeep'), text: '', mode: 0o644 }]),
    { path: paths.certificate, text: key?.certificate ?? '', mode: 0o644 },
    { path: paths.vault, text: vault, mode: 0o600 },
    { path: paths.config, text: config, mode: 0o644 },
  ]
  const keepIn = join(dir, '.cosmos', `replaced-${now.toISOString().replace(/[:.]/g, '-')}`)
  const kept = await installFiles(files, { force, keepIn })
  await installSchema(dir)
  return { files: files.map(file => file.path).reverse(), kept }
}

async function gitignoreOf(dir: string): Promise<NewFile[]> {
  const path = join(dir, '.gitignore')
  const extended = await extendedGitignore(path)
  return extended === undefined
    ? []
    : [{ path, mode: 0o644, text: extended.text, extends: { before: extended.before } }]
}

/** @throws RefusedError `exists` naming all that is in the way. */
export async function refuseExisting(paths: readonly string[]): Promise<void> {
  const there: string[] = []
  for (const path of paths) {
    const found = await stat(path).catch(() => undefined)
    if (found !== undefined) there.push(path)
  }
  if (there.length > 0) throw alreadyThere(there)
}

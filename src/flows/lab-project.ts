import { randomBytes } from 'node:crypto'
import { mkdir, readFile } from 'node:fs/promises'
import { dirname, join } from 'node:path'
import type { Cli } from '../cli/index.ts'
import { UsageError } from '../errors.ts'
import type { LabInfo } from '../lab/index.ts'
import { labDir } from './lab-dir.ts'
import { writeTwin } from './lab-twin.ts'
import { type Place, pollIntervalMs } from './project.ts'

/** Lab seconds per real second for `--lab` when nothing else was said: a boot in seconds, still slow enough to watch. */
const rehearsalSpeed = 20

/** Port of sshd on the lab's servers: below 1024 needs rights that a rehearsal should not ask for. */
const labSshPort = 2222

/**
 * The project's twin on the lab: same settings, but secrets, state and SSH key of its own below the lab's folder, so that
 * a rehearsal never opens the real vault and never mixes up ids. Starts the lab when it is not running.
 */
export async function labProject(cli: Cli): Promise<Place> {
  if (cli.lab === 'vm') {
    throw new UsageError(
      'The lab has simulated servers only; real virtual machines are not part of this version.',
      {
        code: 'lab-vm',
        hint: 'Use the simulated ones: cosmos up --lab',
      },
    )
  }
  const { findConfig } = await import('../config/index.ts')
  const configPath = cli.config ?? (await findConfig(cli.cwd))
  const dir = labDir(cli, configPath)
  const lab = await started(cli, dir)
  const project = join(dir, 'project')
  const passphrase = await keptPassphrase(join(project, 'passphrase'))
  await writeTwin({ dir: project, from: configPath, passphrase, sshPort: labSshPort })
  return {
    dir: project,
    stateDir: join(project, '.cosmos'),
    configPath: join(project, 'cosmos.yaml'),
    vaultPath: join(project, 'cosmos.vault.age'),
    endpoint: lab.endpoint,
    isLab: true,
    pollIntervalMs: Math.max(25, pollIntervalMs(cli.env) / Math.max(1, lab.speed)),
    token: lab.token,
    passphrase,
  }
}

async function started(cli: Cli, dir: string): Promise<LabInfo> {
  const { labStatus, startLab } = await import('../lab/index.ts')
  const before = await labStatus(dir)
  if (before?.running) return before
  cli.note(`Starting the lab in ${dir}, where ${rehearsalSpeed} seconds pass in one …`)
  return startLab({ dir, speed: rehearsalSpeed, signal: cli.signal })
}

/** The throw-away vault's passphrase lies beside it: what it guards is only good for the lab. */
async function keptPassphrase(path: string): Promise<string> {
  const { writeAtomically } = await import('../files/index.ts')
  try {
    return (await readFile(path, 'utf8')).trim()
  } catch (error) {
    if (!(error instanceof Error && 'code' in error && error.code === 'ENOENT')) throw error
    const passphrase = randomBytes(24).toString('base64url')
    await mkdir(dirname(path), { recursive: true, mode: 0o700 })
    await writeAtomically(path, `${passphrase}\n`, { mode: 0o600 })
    return passphrase
  }
}

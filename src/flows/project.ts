import { dirname, join } from 'node:path'
import type { Cli } from '../cli/index.ts'
import type { Config } from '../config/schema.ts'
import { createHetzner, type Hetzner } from '../hetzner/index.ts'
import type { State } from '../state/index.ts'
import type { VaultContents } from '../vault/contents.ts'
import { defaultEndpoint } from './endpoint.ts'
import { labProject } from './lab-project.ts'
import { readState } from './locked-state.ts'
import { once } from './once.ts'
import { openProjectVault } from './open-vault.ts'
import { findToken } from './token.ts'
import { productVersion } from './version.ts'

/** One cluster as a command sees it: its declaration, its secrets, its cloud. */
export type Project = {
  /** Folder of cosmos.yaml. */
  dir: string
  /** Folder of state, history, kubeconfig and price cache. */
  stateDir: string
  config: Config
  configPath: string
  vaultPath: string
  endpoint: string
  /** The cloud is the lab in whose folder the project lies. */
  isLab: boolean
  version: string
  /** Milliseconds of the first wait between two polls; grows fivefold. */
  pollIntervalMs: number
  /** Opens the vault, once per run. */
  vault: () => Promise<VaultContents>
  hetzner: () => Promise<Hetzner>
  /** What the state file knows, without taking the lock. */
  readState: () => Promise<State>
}

/** Where a project lies and how it reaches its cloud. */
export type Place = {
  dir: string
  stateDir: string
  configPath: string
  vaultPath: string
  endpoint: string
  isLab: boolean
  pollIntervalMs: number
  /** Given by the lab; on Hetzner the token is looked for. */
  token?: string
  /** Given by the lab, whose vault is thrown away with it. */
  passphrase?: string
}

const defaultPollMs = 500

/**
 * The project a command works on: the nearest cosmos.yaml, or with `--lab` its twin on the lab.
 * @throws UsageError when there is no cosmos.yaml, or it cannot be used
 */
export async function openProject(cli: Cli): Promise<Project> {
  const place = cli.lab === 'off' ? await realPlace(cli) : await labProject(cli)
  const { loadConfig } = await import('../config/index.ts')
  const config = await loadConfig(place.configPath)
  const vault = once(() => openProjectVault(cli, place))
  const hetzner = once(async () =>
    createHetzner({
      endpoint: place.endpoint,
      token: place.token ?? (await findToken(cli, vault)),
      pollIntervalMs: place.pollIntervalMs,
      onRetry: ({ reason, waitMs }) => {
        if (waitMs > 3_000) cli.note(`${reason}; trying again in ${Math.round(waitMs / 1000)} s`)
      },
    }),
  )
  const { dir, stateDir, configPath, vaultPath, endpoint, isLab, pollIntervalMs } = place
  const version = productVersion()
  return {
    ...{ dir, stateDir, config, configPath, vaultPath, endpoint, isLab, version, pollIntervalMs },
    ...{ vault, hetzner },
    readState: () => readState({ stateDir, endpoint, config, isLab }),
  }
}

async function realPlace(cli: Cli): Promise<Place> {
  const { findConfig } = await import('../config/index.ts')
  const configPath = cli.config ?? (await findConfig(cli.cwd)) ?? join(cli.cwd, 'cosmos.yaml')
  const dir = dirname(configPath)
  return {
    dir,
    stateDir: join(dir, '.cosmos'),
    configPath,
    vaultPath: join(dir, 'cosmos.vault.age'),
    endpoint: (cli.env.HCLOUD_ENDPOINT || defaultEndpoint).replace(/\/+$/, ''),
    isLab: false,
    pollIntervalMs: pollIntervalMs(cli.env),
  }
}

/** `COSMOS_POLL_INTERVAL` in milliseconds, as hcloud knows HCLOUD_POLL_INTERVAL. */
export function pollIntervalMs(env: NodeJS.ProcessEnv): number {
  const value = Number(env.COSMOS_POLL_INTERVAL)
  return Number.isFinite(value) && value > 0 ? value : defaultPollMs
}

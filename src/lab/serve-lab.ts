import { randomBytes } from 'node:crypto'
import { mkdirSync, realpathSync } from 'node:fs'
import type { Server } from 'node:http'
import { CosmosError } from '../errors.ts'
import { createActions } from './api/actions.ts'
import { addressPool } from './api/addresses.ts'
import { adminRoutes } from './api/admin/index.ts'
import type { Cloud } from './api/cloud.ts'
import { effectsOf } from './api/effects/index.ts'
import { openLog } from './api/log.ts'
import { rateLimit } from './api/rate-limit.ts'
import { routes } from './api/resources/index.ts'
import { router } from './api/router.ts'
import { httpServer, type OnAnswer } from './api/serve.ts'
import { createSettings, type LimitName } from './api/settings.ts'
import type { Clock } from './clock.ts'
import { createFaults, machineFaults } from './faults/index.ts'
import { lockFolder } from './folder-lock.ts'
import { type LabInfo, portOf, readInfo, writeInfo } from './info.ts'
import type { MachineFaults, Machines } from './machines/machine.ts'
import { seededRandom } from './random.ts'
import { openStore, type Store } from './store/index.ts'
import { type TurnableClock, turnableClock } from './turnable-clock.ts'

export type MachineFactory = (options: {
  /** The lab's folder; machines keep what they need in `machines/` and `volumes/` below it. */
  dir: string
  clock: Clock
  faults: MachineFaults
  /** Same seed, same boot times. */
  seed: number
  log: (line: string) => void
}) => Machines | Promise<Machines>

export type ServeOptions = {
  dir: string
  /** Lab seconds per real second, default 1; 0 stands still until it is stepped. */
  speed?: number
  /** Default: the one of last time if it is free, else any. A port that is asked for must be free. */
  port?: number
  /** Same seed, same durations; default 1. */
  seed?: number
  limits?: Partial<Record<LimitName, number>>
  /** Default: the simulated machines. */
  machines?: MachineFactory
  /** Asked to stop over the admin endpoint. */
  onStop?: () => void
  /** Sees every answer of the API, before it is sent. */
  onAnswer?: OnAnswer
}

/** A lab in this process. `close` leaves everything as it is, for the next start. */
export type ServedLab = {
  info: LabInfo
  clock: TurnableClock
  /** The lab's insides, for tests: store, machines, faults, settings. */
  cloud: Cloud
  close(): Promise<void>
}

/**
 * Serves a lab from its folder.
 * @throws CosmosError `lab-running`, `lab-port-in-use`, `lab-store-broken`
 */
export async function serveLab(options: ServeOptions): Promise<ServedLab> {
  mkdirSync(options.dir, { recursive: true, mode: 0o700 })
  const dir = realpathSync(options.dir)
  const unlock = lockFolder(dir)
  try {
    return await serveLocked({ ...options, dir }, unlock)
  } catch (error) {
    unlock()
    throw error
  }
}

async function serveLocked(options: ServeOptions, unlock: () => void): Promise<ServedLab> {
  const { dir, speed = 1 } = options
  const store = openStore(dir)
  const clock = turnableClock({ speed, startsAt: Math.max(Date.now(), lastTime(store)) })
  const log = openLog(dir, clock.now)
  const seed = options.seed ?? 1
  const random = seededRandom(seed)
  const faults = createFaults(store)
  const settings = createSettings(store, options.limits)
  const actions = createActions({ store, clock, random, faults, effects: () => effects, log: log.note })
  const factory = options.machines ?? (await simulated())
  const line = (text: string) => log.note({ machine: text })
  const machines = await factory({ dir, clock, faults: machineFaults(faults, store), seed, log: line })
  const addresses = addressPool(dir, store)
  const cloud: Cloud = { store, clock, random, machines, faults, actions, addresses, settings }
  const effects = effectsOf(cloud, log.note)
  machines.onPowerOff(id => turnedOff(store, id))
  const before = readInfo(dir)
  const info: LabInfo = {
    endpoint: '',
    token: before?.token ?? newToken(),
    readonlyToken: before?.readonlyToken ?? newToken(),
    pid: process.pid,
    speed,
    startedAt: new Date().toISOString(),
  }
  const limit = rateLimit(clock, () => settings.limit('requests_per_hour'))
  const admin = router(adminRoutes({ cloud, clock, log, info, keep: () => writeInfo(dir, info), ...options }))
  const correlation = seededRandom(process.pid)
  const server = httpServer({
    cloud,
    api: router(routes),
    admin,
    tokens: info,
    limit,
    random: correlation,
    log: log.note,
    ...(options.onAnswer && { onAnswer: options.onAnswer }),
  })
  const port = await listen(server, options.port, before && portOf(before))
  info.endpoint = `http://127.0.0.1:${port}/v1`
  await machines.resume()
  settle(cloud)
  actions.resume()
  writeInfo(dir, info)
  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    server.close()
    server.closeAllConnections()
    await actions.stop()
    keepTime(store, clock.now())
    clock.stop()
    await machines.suspend()
    store.close()
    await log.close()
    unlock()
  }
  return { info, clock, cloud, close: () => (closing ??= close()) }
}

async function simulated(): Promise<MachineFactory> {
  const { createSimMachines } = await import('./machines/sim/index.ts')
  return createSimMachines
}

/** Lab time never runs backwards, also over a restart of a lab that ran fast. */
function lastTime(store: Store): number {
  return store
    .all('actions')
    .reduce(
      (last, { startedAt, finishedAt }) => Math.max(last, startedAt, finishedAt ?? 0),
      store.get('settings', 1)?.stoppedAt ?? 0,
    )
}

function keepTime(store: Store, stoppedAt: number): void {
  const settings = store.get('settings', 1)
  if (settings) store.put('settings', { ...settings, stoppedAt })
}

/** A guest that turned itself off. What an action is at work on is left to the action. */
function turnedOff(store: Store, id: number): void {
  const server = store.get('servers', id)
  if (server?.status === 'running' || server?.status === 'stopping')
    store.put('servers', Object.assign(server, { status: 'off' }))
}

/** After a restart: what the machines say goes, unless an action is at work. */
function settle({ store, machines }: Cloud): void {
  const busy = new Set(
    store.all('actions').flatMap(({ status, locks }) => (status === 'running' ? locks : [])),
  )
  for (const server of store.all('servers')) {
    if (busy.has(`server:${server.id}`)) continue
    const status = machines.isOn(server.id) ? 'running' : 'off'
    if (server.status !== status) store.put('servers', Object.assign(server, { status }))
  }
}

/** 64 characters, as the service's tokens. Source: `hcloud context create`, which insists on it · documented. */
function newToken(): string {
  return randomBytes(48).toString('base64url').replace(/[-_]/g, '0')
}

async function listen(
  server: Server,
  wanted: number | undefined,
  before: number | undefined,
): Promise<number> {
  if (wanted !== undefined && wanted !== 0) return bind(server, wanted)
  if (before) {
    try {
      return await bind(server, before)
    } catch (error) {
      if (!(error instanceof CosmosError)) throw error
    }
  }
  return bind(server, 0)
}

function bind(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    const failed = (error: NodeJS.ErrnoException) =>
      reject(error.code === 'EADDRINUSE' ? portInUse(port) : error)
    server.once('error', failed)
    server.listen(port, '127.0.0.1', () => {
      server.off('error', failed)
      const address = server.address()
      resolve(typeof address === 'object' && address ? address.port : port)
    })
  })
}

function portInUse(port: number): CosmosError {
  return new CosmosError(`The lab cannot listen on port ${port}: another program has it.`, {
    code: 'lab-port-in-use',
    hint: 'Take another, or any free one: cosmos lab start --port 0',
  })
}

import { randomBytes } from 'node:crypto'
import { mkdirSync, realpathSync } from 'node:fs'
import { adminRoutes } from './api/admin/index.ts'
import type { Cloud } from './api/cloud.ts'
import { rateLimit } from './api/rate-limit.ts'
import { routes } from './api/resources/index.ts'
import { router } from './api/router.ts'
import { httpServer, type OnAnswer } from './api/serve.ts'
import { lockFolder } from './folder-lock.ts'
import { type LabInfo, portOf, readInfo, writeInfo } from './info.ts'
import { keepTime } from './lab-time.ts'
import { listen } from './listen.ts'
import { type CloudOptions, openCloud } from './open-cloud.ts'
import { settlePower } from './power-state.ts'
import { seededRandom } from './random.ts'
import type { TurnableClock } from './turnable-clock.ts'

/** What a lab starts with: speed 1 and seed 1 unless given, over the simulated machines. */
export type ServeOptions = CloudOptions & {
  /** Default: the one of last time if it is free, else any. A port that is asked for must be free. */
  port?: number
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
  const { cloud, clock, log, shut } = await openCloud(options)
  const before = readInfo(dir)
  const info: LabInfo = {
    endpoint: '',
    token: before?.token ?? newToken(),
    readonlyToken: before?.readonlyToken ?? newToken(),
    pid: process.pid,
    speed,
    startedAt: new Date().toISOString(),
  }
  const ready = Promise.withResolvers<void>()
  const server = httpServer({
    cloud,
    api: router(routes),
    admin: router(adminRoutes({ cloud, clock, log, info, keep: () => writeInfo(dir, info), ...options })),
    tokens: info,
    limit: rateLimit(clock, () => cloud.settings.limit('requests_per_hour')),
    random: seededRandom(process.pid),
    log: log.note,
    ready: ready.promise,
    ...(options.onAnswer && { onAnswer: options.onAnswer }),
  })
  try {
    const port = await listen(server, options.port, before && portOf(before))
    info.endpoint = `http://127.0.0.1:${port}/v1`
  } catch (error) {
    await shut()
    throw error
  }
  await cloud.machines.resume()
  settlePower(cloud)
  cloud.actions.resume()
  writeInfo(dir, info)
  ready.resolve()
  let closing: Promise<void> | undefined
  async function close(): Promise<void> {
    server.close()
    server.closeAllConnections()
    await cloud.actions.stop()
    keepTime(cloud.store, clock.now())
    await cloud.machines.suspend()
    await shut()
    unlock()
  }
  return { info, clock, cloud, close: () => (closing ??= close()) }
}

/** 64 characters, as the service's tokens. Source: `hcloud context create`, which insists on it · documented. */
function newToken(): string {
  return randomBytes(48).toString('base64url').replace(/[-_]/g, '0')
}

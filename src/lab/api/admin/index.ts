import { findLocation, findServerType } from '../../catalogue/index.ts'
import { apiModes, type FaultInput, faultKinds, sshModes, stockModes } from '../../faults/index.ts'
import type { LabInfo } from '../../info.ts'
import type { TurnableClock } from '../../turnable-clock.ts'
import { created, noContent, ok, type Routes } from '../call.ts'
import { Checks } from '../checks.ts'
import type { Cloud } from '../cloud.ts'
import { notFound } from '../failure.ts'
import { named } from '../find.ts'
import type { Log } from '../log.ts'
import { type LimitName, usualLimits } from '../settings.ts'
import { serverView, volumeView } from '../views/index.ts'
import { billOf } from './bill.ts'
import { countsOf } from './counts.ts'

export type Admin = {
  cloud: Cloud
  clock: TurnableClock
  log: Log
  info: LabInfo
  keep(): void
  onStop?: () => void
}

/** What a lab can do that a cloud cannot. Below `/_lab`, so that it never meets a path of the API. */
export function adminRoutes({ cloud, clock, log, info, keep, onStop }: Admin): Routes {
  const { faults, settings, machines } = cloud
  return {
    'GET /status': () =>
      ok({ ...countsOf(cloud), pid: info.pid, speed: clock.speed, now: new Date(clock.now()).toISOString() }),
    'GET /bill': () => ok(billOf(cloud)),
    'GET /log': call => ok({ entries: log.recent(Number(call.query.get('count') ?? 200)) }),
    'POST /stop'() {
      setImmediate(() => onStop?.())
      return ok({ stopping: true })
    },

    async 'POST /clock'({ body }) {
      const checks = new Checks(body)
      const speed = speedIn(checks, body)
      const stepMs = checks.integer('step_ms', { min: 0 })
      checks.done()
      if (speed !== undefined) {
        clock.setSpeed(speed)
        info.speed = speed
        keep()
      }
      if (stepMs !== undefined) await clock.step(stepMs)
      return ok({ speed: clock.speed, now: new Date(clock.now()).toISOString() })
    },

    'GET /faults': () => ok({ faults: faults.list() }),
    'POST /faults'({ body }) {
      const fault = faults.add(readFault(body))
      log.note({ fault: fault.id, event: 'added', kind: fault.kind })
      return created({ fault })
    },
    'DELETE /faults'() {
      return ok({ cleared: faults.clear() })
    },
    'DELETE /faults/{id}'({ ids: [id = 0] }) {
      if (faults.clear(id) === 0) throw notFound('fault', id)
      return noContent
    },

    'POST /stock'({ body }) {
      const checks = new Checks(body)
      checks.required('type', 'location', 'available')
      const [type, location] = [checks.text('type') ?? '', checks.text('location') ?? '']
      const available = checks.flag('available') ?? true
      if (!findServerType(type)) checks.problem('type', 'unknown server type')
      if (!findLocation(location)) checks.problem('location', 'unknown location')
      checks.done()
      settings.setStock(type, location, available)
      return ok({ type, location, available })
    },
    'POST /limits'({ body }) {
      const checks = new Checks(body)
      for (const name of Object.keys(body)) {
        if (!Object.hasOwn(usualLimits, name)) checks.problem(name, 'unknown limit')
        checks.integer(name, { min: 0 })
      }
      checks.done()
      for (const [name, value] of Object.entries(body)) settings.setLimit(name as LimitName, value as number)
      return ok({
        limits: Object.fromEntries(Object.keys(usualLimits).map(n => [n, settings.limit(n as LimitName)])),
      })
    },

    async 'GET /volumes/{id}'(call) {
      const volume = named(call, 'volumes')
      return ok({ volume: volumeView(volume), report: await machines.inspectVolume(volume.id) })
    },
    async 'GET /servers/{id}'(call) {
      const server = named(call, 'servers')
      const console = server.status === 'initializing' ? '' : await machines.console(server.id)
      return ok({ server: serverView(cloud, server), on: machines.isOn(server.id), console })
    },
  }
}

function speedIn(checks: Checks, { speed }: Record<string, unknown>): number | undefined {
  if (speed === undefined) return undefined
  if (typeof speed === 'number' && speed >= 0 && speed <= 10_000) return speed
  checks.problem('speed', 'Must be a number between 0 and 10000.')
  return undefined
}

function modeOf(checks: Checks): string | undefined {
  const kind = checks.oneOf('kind', faultKinds)
  return checks.oneOf(
    'mode',
    kind === 'api' ? apiModes : kind === 'ssh' ? sshModes : kind === 'stock' ? stockModes : [],
  )
}

/** @throws ApiFailure `invalid_input` */
function readFault(body: Record<string, unknown>): FaultInput {
  const checks = new Checks(body)
  checks.required('kind')
  const fault = {
    kind: checks.oneOf('kind', faultKinds) ?? 'api',
    on: checks.text('on'),
    skip: checks.integer('skip', { min: 0 }) ?? 0,
    times: body.times === null ? null : checks.integer('times'),
    code: checks.text('code'),
    message: checks.text('message'),
    mode: modeOf(checks),
    delayMs: checks.integer('delayMs', { min: 0 }),
    factor: checks.integer('factor'),
  }
  checks.done()
  const { times, ...rest } = fault
  return times === undefined ? rest : { ...rest, times }
}

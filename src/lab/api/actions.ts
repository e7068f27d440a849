import { messageOf } from '../../errors.ts'
import type { Clock } from '../clock.ts'
import type { Faults } from '../faults/index.ts'
import { latencyMs } from '../latency.ts'
import type { Random } from '../random.ts'
import type { ActionRecord, Store } from '../store/index.ts'
import { ApiFailure } from './failure.ts'

/** What an action does when its time is up, by command. `fail` tidies up after an action that ended in error. */
export type Effect = {
  run(action: ActionRecord): Promise<void> | void
  fail?(action: ActionRecord): Promise<void> | void
}
export type Effects = Record<string, Effect>

export type NewAction = {
  command: string
  resources: { type: string; id: number }[]
  /** Resources nobody else may act on until the end: `server:42`. */
  locks?: string[]
  args?: Record<string, unknown>
  after?: ActionRecord[]
  /** Overrides the latency table, lab milliseconds. */
  range?: readonly [number, number]
}

export type Actions = {
  /** Begins an action; its effect comes when its time is up. */
  begin(action: NewAction): ActionRecord
  /** An action that was through at once. */
  done(action: Pick<NewAction, 'command' | 'resources'>): ActionRecord
  isLocked(key: string): boolean
  /** Takes up what was running when the lab went down. */
  resume(): void
  /** Stops waiting; effects at work come to their end. Running actions stay running, for the next start. */
  stop(): Promise<void>
}

/** Finished actions that are kept. The service keeps them for a month or so; a lab that runs for days must not grow. */
const keptActions = 5_000

export function createActions(options: {
  store: Store
  clock: Clock
  random: Random
  faults: Faults
  effects: () => Effects
  log: (entry: Record<string, unknown>) => void
}): Actions {
  const { store, clock, random, faults, effects, log } = options
  const stopping = new AbortController()
  const driven = new Map<number, Promise<void>>()
  const locks = new Map<string, number>()

  function drive(action: ActionRecord): void {
    for (const key of action.locks) locks.set(key, (locks.get(key) ?? 0) + 1)
    const run = work(action).finally(() => driven.delete(action.id))
    driven.set(action.id, run)
  }

  async function work(action: ActionRecord): Promise<void> {
    try {
      await Promise.all(action.after.map(id => driven.get(id)))
      stopping.signal.throwIfAborted()
      requireAllDone(action)
      action.beganAt ??= clock.now()
      await clock.sleep(action.beganAt + action.durationMs - clock.now(), stopping.signal)
    } catch (error) {
      if (stopping.signal.aborted) return
      return end(action, error)
    }
    try {
      strike(action)
      await effects()[action.command]?.run(action)
      await end(action, null)
    } catch (error) {
      await end(action, error)
    }
  }

  function requireAllDone(action: ActionRecord): void {
    const failed = action.after.map(id => store.get('actions', id)).find(one => one?.status === 'error')
    if (failed?.error) throw new ApiFailure(failed.error.code, failed.error.message)
  }

  function strike(action: ActionRecord): void {
    const fault = faults.strike('action', on => on === action.command)
    if (fault)
      throw new ApiFailure(fault.code ?? 'action_failed', fault.message ?? 'action failed on purpose')
  }

  async function end(action: ActionRecord, error: unknown): Promise<void> {
    if (error !== null) {
      const known = error instanceof ApiFailure
      action.error = {
        code: known ? error.code : 'unknown_error',
        message: messageOf(error),
      }
      await tidy(action)
    }
    action.status = error === null ? 'success' : 'error'
    action.finishedAt = clock.now()
    action.args = {}
    for (const key of action.locks) locks.set(key, (locks.get(key) ?? 1) - 1)
    store.put('actions', action)
    log({ action: action.id, command: action.command, status: action.status, error: action.error })
    forgetOld()
  }

  async function tidy(action: ActionRecord): Promise<void> {
    try {
      await effects()[action.command]?.fail?.(action)
    } catch (error) {
      log({ action: action.id, command: action.command, event: 'not tidied up', error: messageOf(error) })
    }
  }

  function forgetOld(): void {
    if (store.count('actions') <= keptActions + 500) return
    const finished = store.all('actions').filter(({ status }) => status !== 'running')
    for (const { id } of finished.slice(0, finished.length - keptActions)) store.remove('actions', id)
  }

  function record(action: NewAction, durationMs: number): ActionRecord {
    const { command, resources, args = {}, after = [], locks: keys = [] } = action
    const ids = after.map(({ id }) => id)
    const base = { id: store.nextId('actions'), command, resources, args, locks: keys, after: ids }
    const now = clock.now()
    return {
      ...base,
      status: 'running',
      startedAt: now,
      finishedAt: null,
      durationMs,
      beganAt: null,
      error: null,
    }
  }

  return {
    begin(action) {
      const slow = faults.strike('slow', on => on === action.command)?.factor ?? 1
      const made = record(action, latencyMs(action.command, random, action.range) * slow)
      store.put('actions', made)
      log({ action: made.id, command: made.command, status: 'running', for: made.durationMs })
      drive(made)
      return made
    },
    done(action) {
      const now = clock.now()
      return store.put('actions', { ...record(action, 0), status: 'success', finishedAt: now, beganAt: now })
    },
    isLocked: key => (locks.get(key) ?? 0) > 0,
    resume() {
      for (const action of store.all('actions')) if (action.status === 'running') drive(action)
    },
    async stop() {
      stopping.abort()
      await Promise.allSettled(driven.values())
    },
  }
}

/** How far an action is, 0-100. Below 100 until it is through. */
export function progressOf(action: ActionRecord, now: number): number {
  if (action.status !== 'running') return 100
  if (action.beganAt === null || action.durationMs === 0) return 0
  return Math.max(0, Math.min(99, Math.floor(((now - action.beganAt) / action.durationMs) * 100)))
}

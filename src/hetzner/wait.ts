import { fetchActions } from './actions.ts'
import { ApiActionError, HetznerError } from './errors.ts'
import type { Call } from './request.ts'
import { sentenceFor } from './sentences.ts'
import type { Sleep } from './sleep.ts'
import type { Action } from './wire.ts'

/** The interval grows by half each time, up to five times the first: 500 ms → 2.5 s, as the hcloud CLI does. */
const growth = 1.5
const longest = 5
const defaultTimeoutMs = 15 * 60_000

export type WaitOptions = {
  signal?: AbortSignal | undefined
  /** For all of them together; default 15 minutes. */
  timeoutMs?: number | undefined
  onProgress?: ((done: number, all: number) => void) | undefined
}

export type Waiter = (actions: readonly Action[], options?: WaitOptions) => Promise<Action[]>

export type WaiterOptions = { pollIntervalMs: number; sleep: Sleep; now: () => number }

/**
 * Makes the one waiter: it polls many actions in one request until all have ended, and asks nothing when they had already.
 * @returns a function that gives the actions as they ended, and throws ApiActionError for the first that failed,
 * HetznerError `action_timeout` when time runs out, or whatever the signal was aborted with.
 */
export function waiter(call: Call, { pollIntervalMs, sleep, now }: WaiterOptions): Waiter {
  return async (actions, { signal, timeoutMs = defaultTimeoutMs, onProgress } = {}) => {
    const latest = new Map(actions.map(action => [action.id, action]))
    const deadline = now() + timeoutMs
    let intervalMs = pollIntervalMs
    let running = stillRunning(latest)
    while (running.length > 0) {
      onProgress?.(latest.size - running.length, latest.size)
      const leftMs = deadline - now()
      if (leftMs <= 0) throw timedOut(running, timeoutMs)
      await sleep(Math.min(intervalMs, leftMs), signal)
      intervalMs = Math.min(intervalMs * growth, pollIntervalMs * longest)
      const ids = running.map(action => action.id)
      for (const action of await fetchActions(call, ids, signal)) latest.set(action.id, action)
      running = stillRunning(latest)
    }
    if (latest.size > 0) onProgress?.(latest.size, latest.size)
    return [...latest.values()]
  }
}

/** @throws ApiActionError when one has failed. */
function stillRunning(latest: ReadonlyMap<number, Action>): Action[] {
  const failed = [...latest.values()].find(action => action.status === 'error')
  if (failed) throw actionFailed(failed)
  return [...latest.values()].filter(action => action.status === 'running')
}

function actionFailed(action: Action): ApiActionError {
  const { code, message } = action.error ?? { code: 'action_failed', message: 'no reason given' }
  const sentence = sentenceFor({ code, message })
  return new ApiActionError(`${describe(action)} failed: ${message} (${code}).`, {
    apiCode: code,
    hint: sentence.hint ?? 'See what is left of it: cosmos status',
    actionId: action.id,
    command: action.command,
    resources: action.resources,
  })
}

function timedOut(running: readonly Action[], timeoutMs: number): HetznerError {
  const seconds = Math.round(timeoutMs / 1000)
  return new HetznerError(
    `Hetzner did not finish in ${seconds} seconds: ${running.map(describe).join(', ')}.`,
    {
      apiCode: 'action_timeout',
      hint: 'It may still finish. See where things stand: cosmos status',
      outcome: 'unknown',
    },
  )
}

/** "create_server (server 42)". */
function describe(action: Action): string {
  const resources = action.resources.map(each => `${each.type} ${each.id}`).join(', ')
  return resources === '' ? action.command : `${action.command} (${resources})`
}

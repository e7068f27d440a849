import type { Store } from './store/index.ts'

/** Lab time never runs backwards, also over a restart of a lab that ran fast. */
export function lastTime(store: Store): number {
  return store
    .all('actions')
    .reduce(
      (last, { startedAt, finishedAt }) => Math.max(last, startedAt, finishedAt ?? 0),
      store.get('settings', 1)?.stoppedAt ?? 0,
    )
}

/** Keeps the time at which a lab stopped. */
export function keepTime(store: Store, stoppedAt: number): void {
  const settings = store.get('settings', 1)
  if (settings) store.put('settings', { ...settings, stoppedAt })
}

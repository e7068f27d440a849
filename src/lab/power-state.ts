import type { Cloud } from './api/cloud.ts'
import type { Store } from './store/index.ts'

/** A guest that turned itself off. What an action is at work on is left to the action. */
export function turnedOff(store: Store, id: number): void {
  const server = store.get('servers', id)
  if (server?.status === 'running' || server?.status === 'stopping')
    store.put('servers', Object.assign(server, { status: 'off' }))
}

/** After a restart: what the machines say goes, unless an action is at work. */
export function settlePower({ store, machines }: Cloud): void {
  const busy = new Set(
    store.all('actions').flatMap(({ status, locks }) => (status === 'running' ? locks : [])),
  )
  for (const server of store.all('servers')) {
    if (busy.has(`server:${server.id}`)) continue
    const status = machines.isOn(server.id) ? 'running' : 'off'
    if (server.status !== status) store.put('servers', Object.assign(server, { status }))
  }
}

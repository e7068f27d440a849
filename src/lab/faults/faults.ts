import type { Store } from '../store/store.ts'
import type { Fault, FaultInput, FaultKind } from './fault.ts'

export type Faults = {
  add(input: FaultInput): Fault
  list(): Fault[]
  /** One, or all. Returns how many are gone. */
  clear(id?: number): number
  /** The first fault of that kind whose turn it is; counts it. `is` says whether the fault concerns this case. */
  strike(kind: FaultKind, is: (on: string) => boolean): Fault | undefined
  /** Those that could strike now; counts nothing. */
  waiting(kind: FaultKind, is: (on: string) => boolean): Fault[]
}

/** Kinds that stay until they are cleared, unless `times` says otherwise; the others strike once. */
const lasting: readonly FaultKind[] = ['slow', 'stock']

export function createFaults(store: Store): Faults {
  return {
    add(input) {
      const times = input.times === undefined ? (lasting.includes(input.kind) ? null : 1) : input.times
      return store.put('faults', {
        skip: 0,
        ...input,
        times,
        id: store.nextId('faults'),
        seen: 0,
        struck: 0,
      })
    },
    list: () => store.all('faults'),
    clear(id) {
      const gone = store.all('faults').filter(fault => id === undefined || fault.id === id)
      for (const fault of gone) store.remove('faults', fault.id)
      return gone.length
    },
    strike(kind, is) {
      if (store.count('faults') === 0) return undefined
      const mine = store
        .all('faults')
        .filter(fault => fault.kind === kind && (fault.on === undefined || is(fault.on)))
      for (const fault of mine) {
        if (fault.times !== null && fault.struck >= fault.times) continue
        fault.seen++
        const due = fault.seen > fault.skip
        if (due) fault.struck++
        store.put('faults', fault)
        if (due) return fault
      }
      return undefined
    },
    waiting: (kind, is) =>
      store.all('faults').filter(fault => {
        const concerned = fault.kind === kind && (fault.on === undefined || is(fault.on))
        return concerned && (fault.times === null || fault.struck < fault.times)
      }),
  }
}

/** Whether `POST /volumes/{id}/actions/attach`, `/servers` or `POST` names this request. The path is without `/v1` and query. */
export function namesRequest(on: string, method: string, path: string): boolean {
  const words = on.trim().split(/\s+/)
  const wantedPath = words.find(word => word.startsWith('/'))
  const wantedMethod = words.find(word => /^[A-Za-z]+$/.test(word))
  if (wantedMethod && wantedMethod.toUpperCase() !== method) return false
  if (!wantedPath) return true
  const wanted = wantedPath.split('/')
  const have = path.split('/')
  return (
    wanted.length === have.length &&
    wanted.every((part, place) => part === '*' || part === '{id}' || part === have[place])
  )
}

import { firstIds, type Kind, kinds, type Tables } from './records.ts'

/** Where changes go; `Journal` is the one on disk. */
export type Keeper = {
  note(kind: Kind, id: number, record: unknown): void
  close(): void
}

type Rows = { [K in Kind]: Map<number, Tables[K]> }

/** Every resource of the lab, in memory, by kind and id; each change is handed to the keeper before the call returns. */
export class Store {
  readonly #rows: Rows
  #keeper: Keeper | undefined
  #lastChange = 0

  constructor(rows: Rows = emptyRows()) {
    this.#rows = rows
  }

  keptBy(keeper: Keeper): this {
    this.#keeper = keeper
    return this
  }

  /** Counts up with each change; what is derived from the rows stays good as long as it stands. */
  get revision(): number {
    return this.#lastChange
  }

  get<K extends Kind>(kind: K, id: number): Tables[K] | undefined {
    return this.#rows[kind].get(id)
  }

  /** Oldest first. */
  all<K extends Kind>(kind: K): Tables[K][] {
    return [...this.#rows[kind].values()]
  }

  find<K extends Kind>(kind: K, wanted: (row: Tables[K]) => boolean): Tables[K] | undefined {
    for (const row of this.#rows[kind].values()) if (wanted(row)) return row
    return undefined
  }

  count(kind: Kind): number {
    return this.#rows[kind].size
  }

  /** Adds or replaces. Also to be called after a record was changed in place. */
  put<K extends Kind>(kind: K, record: Tables[K]): Tables[K] {
    this.#rows[kind].set(record.id, record)
    this.#lastChange++
    this.#keeper?.note(kind, record.id, record)
    return record
  }

  remove(kind: Kind, id: number): void {
    if (!this.#rows[kind].delete(id)) return
    this.#lastChange++
    this.#keeper?.note(kind, id, null)
  }

  /** Ids are never given twice, also not after a delete. */
  nextId(kind: Kind): number {
    const place = kinds.indexOf(kind) + 1
    const last = this.#rows.counters.get(place)?.last ?? firstIds[kind] - 1
    this.put('counters', { id: place, kind, last: last + 1 })
    return last + 1
  }

  close(): void {
    this.#keeper?.close()
    this.#keeper = undefined
  }
}

export function emptyRows(): Rows {
  return {
    servers: new Map(),
    volumes: new Map(),
    primaryIps: new Map(),
    firewalls: new Map(),
    sshKeys: new Map(),
    images: new Map(),
    actions: new Map(),
    faults: new Map(),
    settings: new Map(),
    counters: new Map(),
  }
}

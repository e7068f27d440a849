import {
  closeSync,
  fsyncSync,
  ftruncateSync,
  mkdirSync,
  openSync,
  readFileSync,
  renameSync,
  writeSync,
} from 'node:fs'
import { join } from 'node:path'
import { CosmosError } from '../../errors.ts'
import { type Kind, kinds, type Tables } from './records.ts'
import { emptyRows, Store } from './store.ts'

/** Size from which the journal is folded into the picture. */
const foldAtBytes = 8 * 1024 * 1024

/**
 * Opens the store of a lab folder: `cloud.json` is the picture, `cloud.journal` one line per change since.
 * A change is written before the request that made it is answered, so a lab that is killed forgets nothing that it confirmed;
 * a last line cut off by the kill was not confirmed and is left out.
 * @throws CosmosError `lab-store-broken`
 */
export function openStore(dir: string): Store {
  mkdirSync(dir, { recursive: true, mode: 0o700 })
  const rows = emptyRows()
  const set = (kind: Kind, id: number, record: unknown) => {
    const table = rows[kind] as Map<number, unknown>
    if (record === null) table.delete(id)
    else table.set(id, record)
  }
  const picture = readPicture(join(dir, 'cloud.json'))
  for (const kind of kinds) for (const record of picture[kind] ?? []) set(kind, record.id, record)
  for (const [kind, id, record] of readJournal(join(dir, 'cloud.journal'))) set(kind, id, record)
  const store = new Store(rows)
  return store.keptBy(journal(dir, store))
}

function journal(dir: string, store: Store) {
  const descriptor = openSync(join(dir, 'cloud.journal'), 'a', 0o600)
  let bytes = 0
  const fold = () => {
    writePicture(dir, store)
    ftruncateSync(descriptor)
    bytes = 0
  }
  fold()
  return {
    note(kind: Kind, id: number, record: unknown): void {
      const line = `${JSON.stringify([kind, id, record])}\n`
      writeSync(descriptor, line)
      bytes += line.length
      if (bytes > foldAtBytes) fold()
    },
    close(): void {
      fold()
      closeSync(descriptor)
    },
  }
}

type Picture = Partial<{ [K in Kind]: Tables[K][] }>

/** In one piece: a reader, or the next start, sees the old picture or the new one. */
function writePicture(dir: string, store: Store): void {
  const picture = Object.fromEntries(kinds.map(kind => [kind, store.all(kind)]))
  const path = join(dir, 'cloud.json')
  const draft = openSync(`${path}.new`, 'w', 0o600)
  writeSync(draft, `${JSON.stringify(picture)}\n`)
  fsyncSync(draft)
  closeSync(draft)
  renameSync(`${path}.new`, path)
}

function readPicture(path: string): Picture {
  const text = readIfThere(path)
  if (text === '') return {}
  try {
    return JSON.parse(text) as Picture
  } catch (cause) {
    throw new CosmosError(`The lab's memory is damaged: ${path} is not JSON.`, {
      code: 'lab-store-broken',
      hint: 'Start from an empty lab: cosmos lab reset',
      cause,
    })
  }
}

function readJournal(path: string): [Kind, number, unknown][] {
  const lines = readIfThere(path).split('\n')
  // Whatever stands after the last line break was cut off while it was written.
  return lines.slice(0, -1).map(line => JSON.parse(line) as [Kind, number, unknown])
}

function readIfThere(path: string): string {
  try {
    return readFileSync(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return ''
    throw error
  }
}

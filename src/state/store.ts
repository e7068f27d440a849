import { readFile, rename } from 'node:fs/promises'
import { basename, join } from 'node:path'
import { CosmosError, RefusedError } from '../errors.ts'
import { writeAtomically } from '../files/index.ts'
import { looksSecret } from '../secrets.ts'
import { makeFolder } from './folder.ts'
import { currentVersion, migrated } from './migrations.ts'
import { flawOf, isMap } from './shape.ts'
import type { State } from './state.ts'

export type StateStore = {
  /** The folder, `.cosmos`. */
  readonly dir: string
  /**
   * The state, migrated to this version, or undefined when there is none yet.
   * @throws RefusedError `state-newer` when a newer cosmos wrote it; CosmosError `state-broken` when it cannot be used:
   * the file was put aside then, and the next read finds none.
   */
  read(): Promise<State | undefined>
  /**
   * Writes the state in one piece, mode 0600. Hold the lock while changing it.
   * @throws CosmosError `state-invalid` or `state-secret` for what must never be written.
   */
  save(state: State): Promise<void>
}

/**
 * The state file in a folder. Touches nothing until it is read or saved.
 * @param dir the folder `.cosmos`
 */
export function openState(dir: string, options: { now?: () => Date } = {}): StateStore {
  const path = join(dir, 'state.json')
  const now = options.now ?? (() => new Date())
  return {
    dir,
    async read() {
      const text = await readIfThere(path)
      if (text === undefined) return undefined
      const state = parse(text)
      if (isMap(state) && typeof state.version === 'number' && state.version > currentVersion)
        throw newer(path, state.version)
      const flaw = typeof state === 'string' ? state : flawOf(state)
      if (flaw !== undefined) throw await putAside(path, flaw, now())
      return state as State
    },
    async save(state) {
      const flaw = flawOf(state)
      if (flaw !== undefined)
        throw new CosmosError(`This state cannot be written: ${flaw}.`, { code: 'state-invalid' })
      const text = `${JSON.stringify({ ...state, version: currentVersion }, null, 2)}\n`
      refuseSecrets(state)
      await makeFolder(dir)
      await writeAtomically(path, text, { mode: 0o600 })
    },
  }
}

/** The migrated state, or what is wrong with the text. */
function parse(text: string): Record<string, unknown> | string {
  let parsed: unknown
  try {
    parsed = JSON.parse(text)
  } catch {
    return 'it is not JSON'
  }
  if (!isMap(parsed)) return 'it is no JSON object'
  const { version } = parsed
  if (typeof version !== 'number') return 'it has no version'
  return migrated({ ...parsed, version }) ?? `nothing reads version ${version} any more`
}

async function readIfThere(path: string): Promise<string | undefined> {
  try {
    return await readFile(path, 'utf8')
  } catch (error) {
    if ((error as NodeJS.ErrnoException).code === 'ENOENT') return undefined
    throw error
  }
}

function newer(path: string, version: number): RefusedError {
  return new RefusedError(
    `${path} was written by a newer cosmos (state version ${version}; this one knows up to ${currentVersion}).`,
    {
      code: 'state-newer',
      hint: 'Update cosmos, then run the command again: npm install --global cosmos-hetzner@latest',
    },
  )
}

async function putAside(path: string, flaw: string, now: Date): Promise<CosmosError> {
  const aside = `${path}.broken-${now.toISOString().replace(/[:.]/g, '-')}`
  await rename(path, aside)
  return new CosmosError(`${path} is broken: ${flaw}. It was kept as ${basename(aside)}.`, {
    code: 'state-broken',
    hint: 'Nothing in the cloud is lost: what belongs to the cluster is found again by its label. See what would happen: cosmos up --plan',
  })
}

/** Names the place, never the text. */
function refuseSecrets(value: unknown, place = 'state'): void {
  if (typeof value === 'string' && looksSecret(value)) {
    throw new CosmosError(
      `A secret was about to be written to the state file, at "${place}". Nothing was written.`,
      {
        code: 'state-secret',
        hint: 'This is a fault of cosmos; please report it with the command you ran.',
      },
    )
  }
  if (typeof value !== 'object' || value === null) return
  for (const [key, each] of Object.entries(value)) refuseSecrets(each, `${place}.${key}`)
}

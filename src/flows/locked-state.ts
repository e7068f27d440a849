import { randomUUID } from 'node:crypto'
import type { Cli } from '../cli/index.ts'
import { RefusedError } from '../errors.ts'
import { acquireLock, type Operation, openState, type State, type StateStore } from '../state/index.ts'
import type { EffectLog } from './effects.ts'
import type { Project } from './project.ts'

/** The state in the hands of the one run that may change it. */
export type LockedState = EffectLog & {
  state: State
  /** Id of this run, in state and history alike. */
  run: string
  /** Marks the operation as finished; until then, a run that was cut off shows in `cosmos status`. */
  finish(): Promise<void>
}

/** Takes the project's lock, hands out its state, and gives the lock back whatever happens. */
export async function withLockedState<T>(
  cli: Cli,
  project: Project,
  command: Operation['kind'],
  work: (state: LockedState) => Promise<T>,
): Promise<T> {
  const lock = await acquireLock(project.stateDir, { command, signal: cli.signal })
  try {
    const store = openState(project.stateDir)
    const stored = await store.read()
    const state = stateFor(project, stored)
    if (stored !== undefined && stored.cluster !== state.cluster && stored.resources.server !== undefined)
      cli.note(
        `Until now the state file was about the cluster "${stored.cluster}". Its machine stays as it is, and still bills.`,
      )
    return await work(lockedState(store, state))
  } finally {
    await lock.release()
  }
}

function lockedState(store: StateStore, state: State): LockedState {
  let writing: Promise<void> = Promise.resolve()
  const save = () => {
    const next = writing.then(() => store.save(state))
    writing = next.catch(() => undefined)
    return next
  }
  return {
    state,
    run: randomUUID(),
    resources: state.resources,
    get operation() {
      return state.operation
    },
    save,
    async finish() {
      state.operation = null
      await save()
    },
  }
}

/** Marks the beginning of an operation that writes. Not yet on disk: the first effect puts it there. */
export function begin(locked: LockedState, kind: Operation['kind']): void {
  locked.state.operation = { kind, run: locked.run, startedAt: new Date().toISOString(), journal: [] }
}

/** The state as it is, without the lock: to look, not to change. Ids of another cloud or cluster count as none. */
export async function readState(
  project: Pick<Project, 'stateDir' | 'endpoint' | 'config' | 'isLab'>,
): Promise<State> {
  return stateFor(project, await openState(project.stateDir).read())
}

/**
 * What the file knows of this very cluster in this very cloud. Anything else is nothing: ids are never carried over, and what is
 * there is found again by its label. A lab may come back on another port: its project lies in its own folder, so it is the same cloud.
 * @throws RefusedError `state-elsewhere` when the file still holds an unfinished operation of the other one that had come to something
 */
function stateFor(project: Pick<Project, 'endpoint' | 'config' | 'isLab'>, stored: State | undefined): State {
  if (stored === undefined) return emptyState(project)
  const { config, endpoint, isLab } = project
  const isSameCluster = stored.cluster === config.name
  if (isSameCluster && (isLab || stored.endpoint === endpoint)) return { ...stored, endpoint }
  const madeNothing = Object.keys(stored.resources).length === 0
  if (stored.operation === null || madeNothing) return emptyState(project)
  throw new RefusedError(
    `The state file holds an unfinished "${stored.operation.kind}" of the cluster "${stored.cluster}" at ${stored.endpoint}.`,
    {
      code: 'state-elsewhere',
      hint: `Finish that one first: ${isSameCluster ? 'set HCLOUD_ENDPOINT back' : `put "name: ${stored.cluster}" back into cosmos.yaml`}, then: cosmos ${stored.operation.kind}`,
    },
  )
}

function emptyState({ config, endpoint }: Pick<Project, 'endpoint' | 'config'>): State {
  return { version: 1, cluster: config.name, endpoint, resources: {}, made: null, operation: null }
}

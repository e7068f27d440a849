import { RefusedError } from '../errors.ts'
import { HetznerError } from '../hetzner/index.ts'
import type { Action, Labels } from '../hetzner/wire.ts'
import { isOurs, type Kind, kindTitles } from './names.ts'

type Named = { id: number; name: string; labels: Labels }

export type Made<T> = { item: T; actions: Action[]; adopted: boolean }

export type MakeOptions<T extends Named> = {
  kind: Kind
  name: string
  cluster: string
  create: () => Promise<{ item: T; actions: Action[] }>
  find: (name: string) => Promise<T[]>
}

/**
 * Creates a resource, or takes over the one that an earlier attempt made whose answer was lost: names are unique in a project.
 * One of the same name without our label is never touched.
 * @throws RefusedError `not-ours`.
 */
export async function createOrAdopt<T extends Named>(options: MakeOptions<T>): Promise<Made<T>> {
  try {
    return { ...(await options.create()), adopted: false }
  } catch (error) {
    if (!(error instanceof HetznerError)) throw error
    const exists = error.apiCode === 'uniqueness_error'
    if (!exists && error.outcome !== 'unknown') throw error
    const [found] = await options.find(options.name)
    if (found === undefined) {
      if (exists) throw error
      return { ...(await options.create()), adopted: false }
    }
    if (!isOurs(found, options.cluster)) throw notOurs(options, found, error)
    return { item: found, actions: [], adopted: true }
  }
}

function notOurs(
  options: { kind: Kind; name: string; cluster: string },
  found: Named,
  cause: unknown,
): RefusedError {
  return new RefusedError(
    `The project already has a ${kindTitles[options.kind]} named "${options.name}" (${found.id}) that cosmos did not make.`,
    {
      code: 'not-ours',
      hint: `Rename it, or give the cluster another name in cosmos.yaml ("name: ${options.name}" is taken), then: cosmos up`,
      cause,
    },
  )
}

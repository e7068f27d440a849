import { chmod, mkdir, rename, writeFile } from 'node:fs/promises'
import { dirname } from 'node:path'
import { CosmosError } from '../errors.ts'
import { readKubeconfig } from '../node/index.ts'
import type { Machine } from './machine.ts'

/**
 * Fetches the admin kubeconfig from the server and makes it usable from here: address instead of 127.0.0.1,
 * and the cluster's name instead of "default", so that several can live in one file.
 */
export async function fetchKubeconfig(
  machine: Machine,
  cluster: string,
  signal: AbortSignal,
): Promise<string> {
  const text = await machine.read(readKubeconfig(), { signal, timeoutMs: 30_000 })
  return renamed(text, cluster, machine.host)
}

async function renamed(text: string, cluster: string, host: string): Promise<string> {
  const { parse, stringify } = await import('yaml')
  const config = parse(text) as Kubeconfig | null
  const [entry] = config?.clusters ?? []
  const [user] = config?.users ?? []
  if (config === null || entry === undefined || user === undefined) {
    throw new CosmosError('The server has no usable kubeconfig yet.', {
      code: 'no-kubeconfig',
      hint: 'See where it stands: cosmos status',
    })
  }
  entry.cluster.server = entry.cluster.server.replace(/127\.0\.0\.1|localhost|\[::1\]/, host)
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    clusters: [{ name: cluster, cluster: entry.cluster }],
    users: [{ name: cluster, user: user.user }],
    contexts: [{ name: cluster, context: { cluster, user: cluster } }],
    'current-context': cluster,
  })
}

export type Kubeconfig = {
  clusters?: { name: string; cluster: { server: string } }[]
  users?: { name: string; user: unknown }[]
  contexts?: { name: string; context: unknown }[]
  'current-context'?: string
}

/** Writes a kubeconfig in one piece, readable by its owner only. */
export async function writeKubeconfig(path: string, text: string): Promise<void> {
  await mkdir(dirname(path), { recursive: true })
  const temporary = `${path}.${process.pid}.tmp`
  await writeFile(temporary, text, { mode: 0o600 })
  await chmod(temporary, 0o600)
  await rename(temporary, path)
}

/** Puts cluster, user and context of one kubeconfig into another, replacing those of the same name; keeps everything else. */
export async function mergeKubeconfig(existing: string, addition: string): Promise<string> {
  const { parse, stringify } = await import('yaml')
  const into = (parse(existing) ?? {}) as Kubeconfig & Record<string, unknown>
  const from = parse(addition) as Kubeconfig
  return stringify({
    apiVersion: 'v1',
    kind: 'Config',
    ...into,
    clusters: byName(into.clusters, from.clusters),
    users: byName(into.users, from.users),
    contexts: byName(into.contexts, from.contexts),
    'current-context': from['current-context'],
  })
}

function byName<T extends { name: string }>(existing: readonly T[] = [], added: readonly T[] = []): T[] {
  return [...existing.filter(each => !added.some(other => other.name === each.name)), ...added]
}

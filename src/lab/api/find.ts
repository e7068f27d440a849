import type { Kind, ServerRecord, Tables } from '../store/index.ts'
import type { Call } from './call.ts'
import type { Cloud } from './cloud.ts'
import { ApiFailure, notFound } from './failure.ts'

/** What messages call each kind. */
const words: Partial<Record<Kind, string>> = {
  servers: 'server',
  volumes: 'volume',
  primaryIps: 'Primary IP',
  firewalls: 'firewall',
  sshKeys: 'SSH key',
  images: 'image',
  actions: 'action',
}

/** @throws ApiFailure `not_found` */
export function find<K extends Kind>({ store }: Pick<Cloud, 'store'>, kind: K, id: number): Tables[K] {
  const row = store.get(kind, id)
  if (!row) throw notFound(words[kind] ?? kind, id)
  return row
}

/** The resource that the path names. @throws ApiFailure `not_found` */
export function named<K extends Kind>({ cloud, ids }: Call, kind: K): Tables[K] {
  return find(cloud, kind, ids[0] ?? 0)
}

/** "cannot perform operation because server is locked". Source: OpenAPI text, code `locked` · documented. */
export function requireUnlocked(
  { actions }: Cloud,
  kind: 'server' | 'volume' | 'primary_ip',
  id: number,
): void {
  if (!actions.isLocked(`${kind}:${id}`)) return
  const word = kind === 'primary_ip' ? 'Primary IP' : kind
  throw new ApiFailure('locked', `cannot perform operation because ${word} is locked`)
}

/** The server that the path names, free to act on. */
export function freeServer(call: Call): ServerRecord {
  const server = named(call, 'servers')
  requireUnlocked(call.cloud, 'server', server.id)
  return server
}

/** "Server must be offline for this action (server_not_stopped)": seen by others. */
export function requireOff(
  server: ServerRecord,
  message = 'Server must be offline for this action (server_not_stopped)',
): void {
  if (server.status !== 'off') throw new ApiFailure('server_not_stopped', message)
}

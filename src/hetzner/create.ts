import { UsageError } from '../errors.ts'
import { fetchActions } from './actions.ts'
import { type CallNote, callThrough } from './call.ts'
import {
  type Locations,
  locations,
  type PriceList,
  priceList,
  type ServerTypes,
  serverTypes,
} from './catalogue.ts'
import { type Firewalls, firewalls } from './firewalls.ts'
import { type Images, images } from './images.ts'
import { type PrimaryIps, primaryIps } from './primary-ips.ts'
import { type Servers, servers } from './servers.ts'
import { type Sleep, sleep } from './sleep.ts'
import { type SshKeys, sshKeys } from './ssh-keys.ts'
import { transport } from './transport.ts'
import { type Volumes, volumes } from './volumes.ts'
import { type Waiter, waiter } from './wait.ts'
import type { Action } from './wire.ts'

export type HetznerOptions = {
  /** Base URL with the version: `https://api.hetzner.cloud/v1` unless said. */
  endpoint?: string | undefined
  token: string
  userAgent?: string | undefined
  /** First interval between polls of actions, milliseconds; default 500. Grows to five times. */
  pollIntervalMs?: number | undefined
  /** For one HTTP exchange, milliseconds; default 30 s. */
  timeoutMs?: number | undefined
  /** Told of every HTTP exchange, polls and retries included. */
  onCall?: ((call: CallNote) => void) | undefined
  /** Told before every wait for another try. */
  onRetry?: ((note: { reason: string; waitMs: number }) => void) | undefined
  /** Chance (0…1), time (milliseconds, from any start) and waiting, given from outside where they must be known. */
  random?: (() => number) | undefined
  now?: (() => number) | undefined
  sleep?: Sleep | undefined
}

/** The API of one Hetzner Cloud project. Bodies and answers are as on the wire (wire.ts). */
export type Hetzner = {
  servers: Servers
  volumes: Volumes
  primaryIps: PrimaryIps
  firewalls: Firewalls
  sshKeys: SshKeys
  images: Images
  serverTypes: ServerTypes
  locations: Locations
  pricing: PriceList
  actions: {
    /** The present state of each, in one request per 25. */
    get(ids: readonly number[], signal?: AbortSignal): Promise<Action[]>
    /** Until all have ended well; throws ApiActionError for the first that did not. */
    wait: Waiter
  }
}

/**
 * A client for one project. Sends nothing yet.
 * @throws UsageError `token-malformed` or `endpoint-malformed`.
 */
export function createHetzner(options: HetznerOptions): Hetzner {
  const token = checkToken(options.token)
  const { random = Math.random, now = () => performance.now(), onCall, onRetry } = options
  const sleeping = options.sleep ?? sleep
  const link = transport({
    endpoint: checkEndpoint(options.endpoint ?? 'https://api.hetzner.cloud/v1'),
    token,
    userAgent: options.userAgent ?? 'cosmos',
    timeoutMs: options.timeoutMs ?? 30_000,
  })
  const call = callThrough(link, { token, now, random, sleep: sleeping, onCall, onRetry })
  return {
    servers: servers(call),
    volumes: volumes(call),
    primaryIps: primaryIps(call),
    firewalls: firewalls(call),
    sshKeys: sshKeys(call),
    images: images(call),
    serverTypes: serverTypes(call),
    locations: locations(call),
    pricing: priceList(call),
    actions: {
      get: (ids, signal) => fetchActions(call, ids, signal),
      wait: waiter(call, { pollIntervalMs: options.pollIntervalMs ?? 500, sleep: sleeping, now }),
    },
  }
}

/** A token with a line break in it would break the header; the message never repeats it. */
function checkToken(raw: string): string {
  const token = raw.trim()
  if (/^[\x21-\x7e]+$/.test(token)) return token
  throw new UsageError(
    `The API token is ${token === '' ? 'empty' : 'malformed: it has spaces or other characters in it'}.`,
    {
      code: 'token-malformed',
      hint: 'Copy it again from the Hetzner Console (64 letters and digits), then: export HCLOUD_TOKEN=…',
    },
  )
}

function checkEndpoint(raw: string): string {
  const url = URL.parse(raw)
  if (url && /^https?:$/.test(url.protocol)) return raw.replace(/\/+$/, '')
  throw new UsageError(`The endpoint "${raw}" is not an http(s) URL.`, {
    code: 'endpoint-malformed',
    hint: 'It must be the base URL of the API with its version, like https://api.hetzner.cloud/v1',
  })
}
